import Columnar
import SternaBase
import VersionStore

/// A named set of symbols in a store. Each symbol is a frame with versions.
///
/// A library is a value that can be shared by any number of tasks; several processes may write to one
/// symbol at once.
public struct Library: Sendable {
  public let name: String
  package let symbols: SymbolStore
  /// What was chosen for the library, as far as it was asked for when it was opened.
  public let options: LibraryOptions
}

// MARK: - Writing

extension Library {
  /// Writes a version that replaces what was there before; earlier versions stay readable.
  ///
  /// - Parameter metadata: any JSON value to keep with the version.
  /// - Returns: the new version.
  /// - Throws: `unsortedIndex`, `invalidArgument`, `libraryNotFound`, `conflict`, `commitStateUnknown`.
  @discardableResult
  public func write(
    _ symbol: String, _ frame: DataFrame, metadata: JSONValue? = nil
  ) async throws(SternaError) -> VersionInfo {
    try await reporting {
      VersionInfo(symbol: symbol, try await symbols.write(symbol, frame, metadata: metadata))
    }
  }

  /// Writes a version from a stream of frames, in bounded memory: all of it becomes one version, or none.
  @discardableResult
  public func write(
    _ symbol: String, _ frames: FrameStream, metadata: JSONValue? = nil
  ) async throws(SternaError) -> VersionInfo {
    try await reporting {
      VersionInfo(
        symbol: symbol, try await symbols.write(symbol, frames.source, metadata: metadata))
    }
  }

  /// Writes a version that adds rows behind the latest one's; a new symbol begins with them.
  ///
  /// - Throws: `schemaMismatch` when columns differ, `unsortedIndex` when the rows start before the
  ///   symbol's end, `conflict` when another writer moved that end meanwhile. In a library of dynamic
  ///   schema columns may differ: what only one side has is null on the other.
  @discardableResult
  public func append(
    _ symbol: String, _ frame: DataFrame, metadata: JSONValue? = nil
  ) async throws(SternaError) -> VersionInfo {
    try await reporting {
      VersionInfo(
        symbol: symbol,
        options.dynamicSchema
          ? try await symbols.appendWidening(symbol, frame, metadata: metadata)
          : try await symbols.append(symbol, frame, metadata: metadata))
    }
  }

  /// Appends a stream of frames, as one version: in bounded memory, except in a library of dynamic schema,
  /// where all rows are held until they are written.
  @discardableResult
  public func append(
    _ symbol: String, _ frames: FrameStream, metadata: JSONValue? = nil
  ) async throws(SternaError) -> VersionInfo {
    if options.dynamicSchema {
      let whole = try await reporting { try await frames.collected() }
      return try await append(symbol, whole, metadata: metadata)
    }
    return try await reporting {
      VersionInfo(
        symbol: symbol, try await symbols.append(symbol, frames.source, metadata: metadata))
    }
  }
}

/// Frames of one schema, pulled one after the other: how data larger than memory is written.
public struct FrameStream: Sendable {
  let source: FrameSource

  /// - Parameter next: the next frame, or nil at the end.
  public init(schema: Schema, next: @escaping @Sendable () async throws -> DataFrame?) {
    source = FrameSource(schema: schema, next: next)
  }

  public init(_ frame: DataFrame) { source = FrameSource(frame) }

  /// All frames as one.
  package func collected() async throws -> DataFrame {
    var frames: [DataFrame] = []
    while let frame = try await source.next() { frames.append(frame) }
    guard frames.isEmpty else { return try DataFrame.concatenating(frames) }
    return try DataFrame(
      source.schema.fields.map { ($0.name, ColumnBuilder($0.type).finish()) },
      index: source.schema.indexField?.name)
  }
}
