import Columnar
import SternaBase

/// Writes of frames in memory: what a garbage collection took away can be uploaded again, which a stream
/// cannot.
extension SymbolStore {
  /// How often a write that collections overtake is begun.
  private static let attemptCountMax = 4

  /// Writes a version that replaces what was there before.
  package func write(
    _ symbol: String, _ frame: DataFrame, metadata: JSONValue? = nil
  ) async throws -> VersionEntry {
    try await beginningAgain(symbol) {
      try await write(symbol, FrameSource(frame), metadata: metadata)
    }
  }

  /// Writes a version that adds rows behind the latest one's, or the first version of a new symbol.
  package func append(
    _ symbol: String, _ frame: DataFrame, metadata: JSONValue? = nil
  ) async throws -> VersionEntry {
    try await beginningAgain(symbol) {
      try await append(symbol, FrameSource(frame), metadata: metadata)
    }
  }

  /// Begins a write anew, from a fresh ref, when a collector overtook it. That it failed is certain then:
  /// no commit of it is on its way.
  func beginningAgain<Written>(
    _ symbol: String, _ write: () async throws -> Written
  ) async throws -> Written {
    for _ in 1..<Self.attemptCountMax {
      do {
        return try await write()
      } catch let error as SternaError where Self.wasOvertaken(error) {
        memory.forget(try ObjectName(symbol, subject: "symbol"))
      }
    }
    return try await write()
  }

  /// Its upload was collected, or the version that it builds on was pruned and collected while it was read.
  private static func wasOvertaken(_ error: SternaError) -> Bool {
    switch error.code {
    case .conflict: error.retry == .transient
    case .versionPruned: true
    default: false
    }
  }
}
