import Columnar
import Sterna
import SternaBase

/// What a symbol must look like: every version, bit for bit, and which of them can be read.
struct SoakHistory {
  private(set) var frames: [DataFrame] = []
  /// Versions that were seen deleted.
  private(set) var deleted: Set<Int> = []
  /// Versions that somebody was asked to delete, perhaps without knowing whether it happened.
  private var mayBeDeleted: Set<Int> = []

  /// What the newest version that can be read has.
  var latest: DataFrame? {
    frames.indices.last { !deleted.contains($0) }.map { frames[$0] }
  }

  var live: [Int] { frames.indices.filter { !deleted.contains($0) } }

  /// What is wrong, in words.
  struct Mismatch: Error {
    var message: String
  }

  /// Explains the versions that are new by the operations that were under way, in whatever order they
  /// happened; each of these is used once at most, each that was reported committed exactly once, and none
  /// that failed.
  /// - Returns: the operations that made a version.
  @discardableResult
  mutating func explain(
    _ found: [DataFrame], by operations: [SoakOperation]
  ) throws -> [SoakOperation] {
    var applied: [SoakOperation] = []
    var open = operations.filter(\.makesVersion)
    for frame in found {
      let version = frames.count
      let position =
        try open.firstIndex { operation in
          switch operation.outcome {
          case .committed(let reported): reported == version
          case .done, .staged, .failed, .unknown: false
          }
        }
        .map { $0 }
        ?? open.firstIndex { try $0.isUnknown && $0.result(on: self)?.hasSameRows(as: frame) == true }
      guard let position else {
        throw Mismatch(message: "nobody made version \(version), of \(frame.rowCount) rows")
      }
      let operation = open.remove(at: position)
      let expected = try operation.result(on: self)
      guard let expected, expected.hasSameRows(as: frame) else {
        let count = expected?.rowCount ?? 0
        throw Mismatch(
          message: "version \(version) has \(frame.rowCount) rows that are not the \(count) meant")
      }
      frames.append(frame)
      applied.append(operation)
    }
    for operation in open {
      switch (operation.outcome, operation.kind) {
      case (.committed(let version), _):
        throw Mismatch(message: "version \(version) was reported committed and is not there")
      case (.done, .copy):
        // It said that there is nothing to copy.
        guard frames.contains(where: { $0.hasSameRows(as: operation.frame) }) else {
          throw Mismatch(
            message: "nothing was copied, and no version has the \(operation.frame.rowCount) rows")
        }
      default: break
      }
    }
    return applied
  }

  /// Takes in versions that are copies of some of the given ones, in their order.
  mutating func adopt(_ found: [DataFrame], of origins: [DataFrame]) throws {
    var rest = origins[...]
    for frame in found {
      rest = rest.drop { !$0.hasSameRows(as: frame) }
      guard rest.popFirst() != nil else {
        throw Mismatch(message: "version \(frames.count) of \(frame.rowCount) rows is nobody's copy")
      }
      frames.append(frame)
    }
  }

  /// There is no symbol: there never was, or somebody was asked to delete it or the last of its versions.
  mutating func explainAbsence(by operations: [SoakOperation]) throws {
    var wasAsked = false
    for operation in operations {
      switch operation.kind {
      case .deleteSymbol: wasAsked = true
      case .deleteVersions(let versions): mayBeDeleted.formUnion(versions)
      default: break
      }
    }
    guard wasAsked || mayBeDeleted.isSuperset(of: live) else {
      throw Mismatch(message: "a symbol is gone, nobody asked for it")
    }
    deleteAll()
  }

  mutating func deleteAll() {
    deleted = Set(frames.indices)
    mayBeDeleted.formUnion(deleted)
  }

  /// Explains which versions are deleted, after `explain` has named all that there are.
  mutating func explain(deleted found: Set<Int>, by operations: [SoakOperation]) throws {
    for operation in operations {
      let asked: Set<Int>
      switch operation.kind {
      case .deleteVersions(let versions): asked = Set(versions)
      // Any of the older ones: which were the newest depends on the order of the operations.
      case .prune: asked = Set(frames.indices.dropLast())
      case .deleteSymbol:
        if case .done = operation.outcome { throw Mismatch(message: "a deleted symbol is there") }
        continue
      default: continue
      }
      mayBeDeleted.formUnion(asked)
      if case .done = operation.outcome, case .deleteVersions = operation.kind, !asked.isSubset(of: found) {
        throw Mismatch(message: "versions \(asked) were reported deleted, \(found) are")
      }
    }
    guard found.isSuperset(of: deleted) else { throw Mismatch(message: "a deleted version came back") }
    guard found.count < frames.count else { throw Mismatch(message: "a symbol without versions is there") }
    guard found.isSubset(of: mayBeDeleted) else {
      throw Mismatch(message: "versions \(found.subtracting(mayBeDeleted)) are gone, nobody asked for it")
    }
    deleted = found
  }
}

extension SoakOperation {
  var isUnknown: Bool { if case .unknown = outcome { true } else { false } }
}
