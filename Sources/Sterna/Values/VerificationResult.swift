import SternaBase
import VersionStore

/// How much of a library is read to verify it.
public enum Thoroughness: String, Hashable, Sendable, CaseIterable {
  /// All metadata; of data, whether the objects are there with the right size.
  case references
  /// Every object is read and hashed.
  case hashes
  /// Every column is decoded, and its statistics are held against the values.
  case data

  var depth: VerificationDepth {
    switch self {
    case .references: .references
    case .hashes: .hashes
    case .data: .data
    }
  }
}

/// What a verification found.
public struct VerificationResult: Sendable {
  public struct Problem: Hashable, Sendable {
    /// `missing`, `corrupt`, `inconsistent` or `unsupported`.
    public let kind: String
    /// The object.
    public let key: String
    public let what: String
    /// What needs the object: a symbol and version, or a snapshot.
    public let location: String
  }

  public let problems: [Problem]
  public let symbolCount: Int
  public let snapshotCount: Int
  public let versionCount: Int
  /// Distinct blocks that something leads to.
  public let blockCount: Int
  public let byteCount: Int
  /// Blocks that nothing leads to: no problem, a collection deletes them.
  public let unreferencedBlockCount: Int
  public let unreferencedByteCount: Int
  /// The same for machines.
  public let json: JSONValue

  public var isClean: Bool { problems.isEmpty }

  init(_ report: VerificationReport) {
    problems = report.problems.map {
      Problem(kind: $0.kind.rawValue, key: $0.key, what: $0.what, location: $0.location)
    }
    symbolCount = report.symbolCount
    snapshotCount = report.snapshotCount
    versionCount = report.versionCount
    blockCount = report.blockCount
    byteCount = report.byteCount
    unreferencedBlockCount = report.unreferencedBlockCount
    unreferencedByteCount = report.unreferencedByteCount
    json = report.json
  }
}
