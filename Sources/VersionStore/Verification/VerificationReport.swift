import SternaBase

/// How much of a store is read to verify it.
package enum VerificationDepth: Int, Hashable, Sendable, Comparable {
  /// Every ref, node and detail is read and hashed; of segments, whether they are there with the right
  /// size.
  case references = 0
  /// Every object is read and hashed.
  case hashes = 1
  /// Every column is decoded, and its statistics and index range are held against the values.
  case data = 2

  package static func < (left: VerificationDepth, right: VerificationDepth) -> Bool {
    left.rawValue < right.rawValue
  }
}

/// Something in a store that is not as it should be.
package struct VerificationProblem: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    /// Something leads to an object that is not there.
    case missing
    /// The object's bytes are not what its name or checksum says, or cannot be parsed.
    case corrupt
    /// Two objects disagree: counts, ranges, order.
    case inconsistent
    /// The object has a format that this build does not know.
    case unsupported
  }

  package var kind: Kind
  /// The object.
  package var key: String
  /// What is wrong with it.
  package var what: String
  /// What needs the object: a symbol and version, or a snapshot.
  package var location: String

  package init(_ kind: Kind, key: String, _ what: String, location: String) {
    self.kind = kind
    self.key = key
    self.what = what
    self.location = location
  }
}

/// What a verification read and found.
package struct VerificationReport: Sendable {
  package var problems: [VerificationProblem] = []
  package var symbolCount = 0
  package var snapshotCount = 0
  /// Live versions.
  package var versionCount = 0
  /// Distinct blocks that something leads to.
  package var blockCount = 0
  package var byteCount = 0
  /// Blocks that nothing leads to: no problem, `collect` deletes them.
  package var unreferencedBlockCount = 0
  package var unreferencedByteCount = 0

  package init() {}

  package var isClean: Bool { problems.isEmpty }

  mutating func add(_ other: VerificationReport) {
    problems += other.problems
    symbolCount += other.symbolCount
    snapshotCount += other.snapshotCount
    versionCount += other.versionCount
    blockCount += other.blockCount
    byteCount += other.byteCount
    unreferencedBlockCount += other.unreferencedBlockCount
    unreferencedByteCount += other.unreferencedByteCount
  }

  /// The report for machines.
  package var json: JSONValue {
    [
      "clean": .bool(isClean), "symbols": .int64(Int64(symbolCount)),
      "snapshots": .int64(Int64(snapshotCount)), "versions": .int64(Int64(versionCount)),
      "blocks": .int64(Int64(blockCount)), "bytes": .int64(Int64(byteCount)),
      "unreferencedBlocks": .int64(Int64(unreferencedBlockCount)),
      "unreferencedBytes": .int64(Int64(unreferencedByteCount)),
      "problems": .array(
        problems.map { problem in
          [
            "kind": .string(problem.kind.rawValue), "key": .string(problem.key),
            "what": .string(problem.what), "location": .string(problem.location),
          ]
        }),
    ]
  }
}
