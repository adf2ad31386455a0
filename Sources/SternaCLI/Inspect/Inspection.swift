import Columnar
import Sterna
import VersionStore

/// What `inspect` looks at: a version of a symbol, its ref, its index and its segments, without their data.
struct Inspection {
  let ref: RefState
  let version: StoredVersion
  let schema: Schema
  let nodes: [IndexNode]
  /// Per slice, in the order of the rows: its columns' chunks, which are those of whole segments; a segment
  /// that several slices are parts of stands here once. Read only where columns or segments are printed.
  private(set) var chunks: [(slice: SliceEntry, columns: [ColumnChunk])] = []
  /// Of the tail's segment, which may have rows of later versions, too.
  private(set) var tailChunks: [ColumnChunk] = []

  static func read(
    _ symbol: String, in library: Library, asOf: AsOf, wantsChunks: Bool
  ) async throws -> Inspection {
    let ref = try await library.symbols.ref(of: symbol)
    let version = try await library.symbols.version(symbol, asOf.selector)
    var inspection = Inspection(
      ref: ref, version: version, schema: try await version.schema(), nodes: try await version.indexNodes())
    if wantsChunks { try await inspection.readChunks() }
    return inspection
  }

  private init(ref: RefState, version: StoredVersion, schema: Schema, nodes: [IndexNode]) {
    self.ref = ref
    self.version = version
    self.schema = schema
    self.nodes = nodes
  }

  private mutating func readChunks() async throws {
    let version = version
    let leaves = nodes.filter { $0.level == 0 }
    let columns = try await mapConcurrently(leaves, limit: 16) { try await version.columnChunks(of: $0) }
    var seen: Set<[BlockPointer]> = []
    chunks = zip(leaves, columns).flatMap { leaf, slices in
      zip(leaf.slices, slices).map { (slice: $0, columns: $1) }
        .filter { !$0.slice.isPart || seen.insert($0.slice.segments).inserted }
    }
    tailChunks = try await version.tailChunks()
  }
}
