import Columnar
import Sterna
import SternaBase

/// What a symbol must look like: every version, bit for bit.
struct SoakHistory {
  private(set) var frames: [DataFrame] = []

  var latest: DataFrame? { frames.last }

  /// What is wrong, in words.
  struct Mismatch: Error {
    var message: String
  }

  /// Explains the versions that are new by the operations that were under way, in whatever order they
  /// happened; each of these is used once at most, each that was reported committed exactly once, and none
  /// that failed.
  mutating func explain(_ found: [DataFrame], by operations: [SoakOperation]) throws {
    var open = operations
    for frame in found {
      let version = frames.count
      let position =
        try open.firstIndex { operation in
          switch operation.outcome {
          case .committed(let reported): reported == version
          case .failed, .unknown: false
          }
        }
        .map { $0 } ?? open.firstIndex { try $0.isUnknown && $0.result(on: latest).hasSameRows(as: frame) }
      guard let position else {
        throw Mismatch(message: "nobody made version \(version), of \(frame.rowCount) rows")
      }
      let expected = try open.remove(at: position).result(on: latest)
      guard expected.hasSameRows(as: frame) else {
        throw Mismatch(
          message:
            "version \(version) has \(frame.rowCount) rows that are not the \(expected.rowCount) meant")
      }
      frames.append(frame)
    }
    for operation in open {
      if case .committed(let version) = operation.outcome {
        throw Mismatch(message: "version \(version) was reported committed and is not there")
      }
    }
  }
}

extension SoakOperation {
  var isUnknown: Bool { if case .unknown = outcome { true } else { false } }
}
