import ObjectStore
import SternaBase

extension SymbolStore {
  /// Deletes the blocks of a symbol that nothing leads to any more.
  /// - Parameter isDryRun: only count; blocks of a commit on its way are then counted too.
  package func collect(_ symbol: String, isDryRun: Bool = false) async throws -> CollectionReport {
    let name = try ObjectName(symbol, subject: "symbol")
    let report = try await Collector(store: self, isDryRun: isDryRun).collect([name])
    if let failure = report.failures.first { throw failure.error }
    return report
  }

  /// Collects all symbols of the library, deleted ones and ones that never came to be included.
  ///
  /// - Parameters:
  ///   - resumeAfter: where an earlier collection stopped, from its report.
  ///   - progress: called after each batch with everything so far; its `resumeAfter` continues from there.
  package func collect(
    isDryRun: Bool = false, resumeAfter: String? = nil,
    progress: @Sendable (CollectionReport) -> Void = { _ in }
  ) async throws -> CollectionReport {
    let collector = Collector(store: self, isDryRun: isDryRun)
    var report = CollectionReport()
    for shards in try await SymbolFolders(store: store).shards(atOrAfter: resumeAfter) {
      let folders = try await SymbolFolders(store: store).folders(in: shards, after: resumeAfter)
      for batch in SymbolFolders.batches(of: folders) {
        try Task.checkCancellation()
        let (names, unknown) = try await resolve(batch)
        report.add(try await collector.collect(names))
        report.failures += unknown
        report.resumeAfter = batch.last
        progress(report)
      }
    }
    report.resumeAfter = nil
    return report
  }

  /// The symbols of folders; a folder whose name was shortened is named by its ref.
  private func resolve(
    _ folders: [String]
  ) async throws -> (names: [ObjectName], unknown: [CollectionReport.Failure]) {
    let found = try await mapConcurrently(folders, limit: options.fetchConcurrency) { folder in
      (folder, try await SymbolFolders(store: store).symbol(of: folder))
    }
    let unknown = found.filter { $0.1 == nil }.map { folder, _ in
      CollectionReport.Failure(
        symbol: folder,
        error: SternaError(
          .unsupported, "the folder's symbol cannot be told, as its name is shortened and it has no ref",
          advice: "Write the symbol, or delete the folder by hand.", key: LibraryKeys.blocksPrefix + folder)
      )
    }
    return (found.compactMap(\.1), unknown)
  }
}

/// The folders that symbols have in a library, as `<hh>/<encoded name>`: of refs, and of blocks that may
/// have been left by a commit that never came.
struct SymbolFolders: Sendable {
  let store: any ObjectStore

  private static let shardGroupCount = 16
  private static let batchCount = 64
  private static let listConcurrency = 16

  /// The shards that exist, in groups to be listed at once.
  func shards(atOrAfter folder: String?) async throws -> [[String]] {
    var shards: Set<String> = []
    for prefix in [LibraryKeys.refsPrefix, LibraryKeys.blocksPrefix] {
      for try await page in store.listing(prefix: prefix, delimiter: "/") {
        for common in page.commonPrefixes {
          shards.insert(String(common.dropFirst(prefix.count).dropLast()))
        }
      }
    }
    let first = folder.map { String($0.prefix(2)) } ?? ""
    return Self.chunks(shards.filter { $0 >= first }.sorted(), of: Self.shardGroupCount)
  }

  /// The folders of some shards, sorted.
  func folders(in shards: [String], after folder: String?) async throws -> [String] {
    let found = try await mapConcurrently(shards, limit: Self.listConcurrency) { shard in
      var folders: Set<String> = []
      for try await page in store.listing(prefix: "\(LibraryKeys.refsPrefix)\(shard)/") {
        for entry in page.entries {
          folders.insert(String(entry.key.dropFirst(LibraryKeys.refsPrefix.count)))
        }
      }
      for try await page in store.listing(prefix: "\(LibraryKeys.blocksPrefix)\(shard)/", delimiter: "/") {
        for common in page.commonPrefixes {
          folders.insert(String(common.dropFirst(LibraryKeys.blocksPrefix.count).dropLast()))
        }
      }
      return folders
    }
    return found.flatMap { $0 }.filter { folder.map($0.isBehind) ?? true }.sorted { $1.isBehind($0) }
  }

  /// Batches small enough to be held in memory, each of neighbours: they share the pages of snapshots.
  static func batches(of folders: [String]) -> [[String]] { chunks(folders, of: batchCount) }

  /// Nil when the name was shortened and no ref tells it, and for what is no folder of Sterna's.
  func symbol(of folder: String) async throws -> ObjectName? {
    let component = folder.dropFirst(3)
    var text = ObjectName.decode(component)
    if text == nil {
      do {
        text = try RefState.symbolName(in: try await store.get(LibraryKeys.refsPrefix + folder).bytes)
      } catch let error as SternaError where error.code == .objectNotFound {
        return nil
      }
    }
    guard let text, let name = try? ObjectName(text, subject: "symbol"),
      "\(name.shard)/\(name.encoded)" == folder
    else { return nil }
    return name
  }

  private static func chunks(_ elements: [String], of count: Int) -> [[String]] {
    stride(from: 0, to: elements.count, by: count).map {
      Array(elements[$0..<min($0 + count, elements.count)])
    }
  }
}

extension String {
  /// Order of UTF-8 bytes, which is that of listings.
  fileprivate func isBehind(_ other: String) -> Bool { KeyBytes(other) < KeyBytes(self) }
}
