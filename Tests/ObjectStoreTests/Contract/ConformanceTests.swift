import ObjectStore
import SternaBase
import TestSupport
import Testing

/// Every store and every decorator, under the one suite that says what a store is.
@Suite struct ConformanceTests {
  enum Subject: String, CaseIterable, CustomTestStringConvertible {
    case memory, memoryWithUniqueTags, directory, durableDirectory
    case prefixed, retrying, limited, recording, faultInjecting

    var testDescription: String { rawValue }

    func make(in folder: String) -> any ObjectStore {
      switch self {
      case .memory: MemoryObjectStore()
      case .memoryWithUniqueTags: MemoryObjectStore(tags: .write)
      case .directory: DirectoryObjectStore(root: folder, durability: .processCrash)
      case .durableDirectory: DirectoryObjectStore(root: folder)
      case .prefixed: PrefixedObjectStore(MemoryObjectStore(), prefix: "some/\u{e9}")
      case .retrying: RetryingObjectStore(MemoryObjectStore())
      case .limited: LimitedObjectStore(MemoryObjectStore(), maxInFlight: 2, maxBytesInFlight: 1 << 20)
      case .recording: RecordingObjectStore(MemoryObjectStore())
      case .faultInjecting: FaultInjectingObjectStore(MemoryObjectStore())
      }
    }
  }

  @Test(
    "Every store does what the contract says", arguments: Subject.allCases, ObjectStoreConformance.cases)
  func conforms(subject: Subject, rule: ObjectStoreConformance.Case) async throws {
    let folder = try TemporaryFolder()
    try await rule.run(on: subject.make(in: folder.path))
  }
}
