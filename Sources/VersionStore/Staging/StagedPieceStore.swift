import ObjectStore
import SternaBase

/// The descriptors of staged pieces: written once, read, listed, deleted.
struct StagedPieceStore: Sendable {
  let store: any ObjectStore
  let concurrency: Int

  /// Writes a descriptor. A name is never given twice, so one that is there already is the echo of this
  /// very request.
  func write(_ piece: StagedPiece) async throws {
    do {
      try await store.put(piece.token.key, piece.encode(), mode: .create)
    } catch let error as SternaError where error.code == .preconditionFailed {
      return
    }
  }

  /// Reads a descriptor; nil when it is gone.
  func read(_ token: StagingToken) async throws -> StagedPiece? {
    let piece: StagedPiece
    do {
      piece = try StagedPiece(decoding: try await store.get(token.key).bytes, subject: "staged piece")
    } catch let error as SternaError where error.code == .objectNotFound {
      return nil
    } catch {
      throw SternaError(wrapping: error).with { $0.key = token.key }
    }
    guard piece.token == token else {
      throw SternaError(.corrupt, "the object describes another staged piece", key: token.key)
    }
    return piece
  }

  /// The tokens of all descriptors of a symbol.
  func tokens(of symbol: ObjectName) async throws -> [StagingToken] {
    let prefix = LibraryKeys.staged(of: symbol)
    var tokens: [StagingToken] = []
    for try await page in store.listing(prefix: prefix) {
      tokens += page.entries.compactMap {
        StagingToken(component: $0.key.dropFirst(prefix.count), of: symbol)
      }
    }
    return Array(Set(tokens))
  }

  /// The pieces of a symbol, in the order in which they were staged. Of the attempts of one call only the
  /// last counts.
  func pieces(of symbol: ObjectName) async throws -> [StagedPiece] {
    let last = Dictionary(grouping: try await tokens(of: symbol), by: \.id).values
      .compactMap { $0.max { $0.epoch < $1.epoch } }
    return try await mapConcurrently(last, limit: concurrency) { try await read($0) }
      .compactMap { $0 }.sorted { ($0.time, $0.token.id.hex) < ($1.time, $1.token.id.hex) }
  }

  /// Deletes descriptors; their data goes with the next collection.
  func delete(_ tokens: [StagingToken]) async throws {
    guard !tokens.isEmpty else { return }
    let outcomes = try await store.delete(tokens.map(\.key))
    if let failure = outcomes.lazy.compactMap(\.failure).first { throw failure }
  }

  // MARK: The library

  /// The shards in which anything is staged: one request, which is all that a library without staged pieces
  /// costs a collector.
  func shards() async throws -> Set<String> {
    var shards: Set<String> = []
    for try await page in store.listing(prefix: LibraryKeys.stagedPrefix, delimiter: "/") {
      for common in page.commonPrefixes {
        shards.insert(String(common.dropFirst(LibraryKeys.stagedPrefix.count).dropLast()))
      }
    }
    return shards
  }

  /// The symbols of which anything is staged.
  func symbols() async throws -> [ObjectName] {
    var folders: [String: String] = [:]
    for try await page in store.listing(prefix: LibraryKeys.stagedPrefix) {
      for entry in page.entries {
        let parts = entry.key.split(separator: "/", omittingEmptySubsequences: false)
        if parts.count == 4 { folders["\(parts[1])/\(parts[2])"] = entry.key }
      }
    }
    let names = try await mapConcurrently(Array(folders), limit: concurrency) { folder, key in
      try await name(ofFolder: folder, holding: key)
    }
    return names.compactMap { $0 }.sorted { $0.text < $1.text }
  }

  /// Nil for a folder that is not Sterna's, and for one whose descriptor is gone again.
  private func name(ofFolder folder: String, holding key: String) async throws -> ObjectName? {
    let text: String
    if let decoded = ObjectName.decode(folder.dropFirst(3)) {
      text = decoded
    } else {
      do {
        text = try StagedPiece(decoding: try await store.get(key).bytes, subject: key).token.symbol.text
      } catch let error as SternaError where error.code == .objectNotFound {
        return nil
      }
    }
    guard let name = try? ObjectName(text, subject: "symbol"), "\(name.shard)/\(name.encoded)" == folder
    else { return nil }
    return name
  }
}
