import Columnar
import SternaBase
import VersionStore

extension Library {
  /// Reads a version, or part of it.
  ///
  /// - Parameters:
  ///   - time: rows whose index value lies in this closed range. For an index of timestamps or days.
  ///   - rows: rows by number. At most one of `time` and `rows`.
  ///   - columns: nil for all. The index comes always, first.
  ///   - textLayout: whether texts that repeat may come as dictionary columns.
  /// - Throws: `symbolNotFound`, `versionNotFound`, `versionPruned`, `invalidArgument` (unknown column),
  ///   `corrupt`.
  public func read(
    _ symbol: String, time: ClosedRange<Timestamp>? = nil, rows: Range<Int>? = nil,
    columns: [String]? = nil, textLayout: TextLayout = .values, asOf: AsOf = .latest
  ) async throws(SternaError) -> ReadResult {
    try await read(symbol, columns, textLayout, asOf) { version async throws in
      try await Self.rows(time: time, rows: rows, of: version)
    }
  }

  /// The first rows.
  public func head(
    _ symbol: String, _ count: Int = 5, columns: [String]? = nil, textLayout: TextLayout = .values,
    asOf: AsOf = .latest
  ) async throws(SternaError) -> ReadResult {
    try await read(symbol, columns, textLayout, asOf) { _ in .numbers(0..<max(0, count)) }
  }

  /// The last rows.
  public func tail(
    _ symbol: String, _ count: Int = 5, columns: [String]? = nil, textLayout: TextLayout = .values,
    asOf: AsOf = .latest
  ) async throws(SternaError) -> ReadResult {
    try await read(symbol, columns, textLayout, asOf) { _ in .last(max(0, count)) }
  }

  /// Reads a version frame by frame, in order, in bounded memory: for results larger than memory.
  ///
  ///     for try await frame in try await library.scan("SPY") { ... }
  public func scan(
    _ symbol: String, time: ClosedRange<Timestamp>? = nil, rows: Range<Int>? = nil,
    columns: [String]? = nil, asOf: AsOf = .latest
  ) async throws(SternaError) -> FrameSequence {
    try await reporting {
      let version = try await symbols.version(symbol, asOf.selector)
      let selection = ReadSelection(
        rows: try await Self.rows(time: time, rows: rows, of: version), columns: columns)
      return FrameSequence(
        version: VersionInfo(symbol: symbol, version.entry), scan: try await version.scan(selection))
    }
  }

  private func read(
    _ symbol: String, _ columns: [String]?, _ textLayout: TextLayout, _ asOf: AsOf,
    rows: (StoredVersion) async throws -> ReadSelection.Rows
  ) async throws(SternaError) -> ReadResult {
    try await reporting {
      let version = try await symbols.version(symbol, asOf.selector)
      let selection = ReadSelection(
        rows: try await rows(version), columns: columns, textLayout: textLayout)
      let info = VersionInfo(symbol: symbol, version.entry)
      guard version.hasMetadataBlock else {
        return ReadResult(
          frame: try await version.read(selection), version: info, metadata: try await version.metadata())
      }
      async let metadata = version.metadata()
      return ReadResult(
        frame: try await version.read(selection), version: info, metadata: try await metadata)
    }
  }

  private static func rows(
    time: ClosedRange<Timestamp>?, rows: Range<Int>?, of version: StoredVersion
  ) async throws -> ReadSelection.Rows {
    if let rows {
      guard time == nil else {
        throw SternaError(
          .invalidArgument, "rows were chosen both by time and by number", advice: "Give one of the two.")
      }
      return .numbers(rows)
    }
    guard let time else { return .all }
    guard let field = try await version.schema().indexField else {
      throw SternaError(
        .invalidArgument, "the symbol has no index, so rows cannot be chosen by time",
        advice: "Choose rows by number.")
    }
    switch field.type {
    case .timestamp, .date:
      // A range between two neighbouring index values holds no row, but still has a schema.
      return Timestamp.indexRange(time, of: field.type).map { .keys($0) } ?? .numbers(0..<0)
    default:
      throw SternaError(
        .invalidArgument, "the index '\(field.name)' is \(field.type), so rows cannot be chosen by time",
        advice: "Choose rows by number.")
    }
  }
}

/// The frames of a scan, one per row slice, in order. Stopping early cancels what is still being fetched.
public struct FrameSequence: AsyncSequence, Sendable {
  public typealias Element = DataFrame

  public let version: VersionInfo
  let scan: FrameScan

  /// The columns of the frames.
  public var schema: Schema { scan.plan.resultSchema }

  public struct Iterator: AsyncIteratorProtocol {
    var base: FrameScan.Iterator

    public mutating func next() async throws -> DataFrame? {
      do {
        return try await base.next()
      } catch {
        throw SternaError(wrapping: error)
      }
    }
  }

  public func makeAsyncIterator() -> Iterator { Iterator(base: scan.makeAsyncIterator()) }
}
