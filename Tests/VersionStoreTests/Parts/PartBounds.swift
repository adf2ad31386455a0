import Columnar
import Testing

@testable import VersionStore

/// What a reader of a version pays for its parts.
struct PartBounds {
  let slices: [SliceEntry]
  let rowsPerSlice: Int

  init(_ version: StoredVersion, rowsPerSlice: Int) async throws {
    slices = try await version.indexNodes().flatMap(\.slices)
    self.rowsPerSlice = rowsPerSlice
  }

  var rowCount: Int { slices.reduce(0) { $0 + $1.rowCount } }
  var partCount: Int { slices.count(where: \.isPart) }

  /// Rows of all segments that are read, each once.
  var fetchedRowCount: Int {
    var seen: Set<[BlockPointer]> = []
    return slices.reduce(0) { $0 + (seen.insert($1.segments).inserted ? $1.segmentRowCount : 0) }
  }

  /// The most slices in a row that are no slices of full length.
  var fragmentCountMax: Int {
    slices.split { $0.rowCount * 2 >= rowsPerSlice && $0.rowCount * 2 >= $0.segmentRowCount }
      .map(\.count).max() ?? 0
  }

  func expectKept(_ comment: Comment?) {
    // Where a leaf ends, a segment may have a part in each of two leaves, which do not know each other.
    #expect(fetchedRowCount <= 2 * rowCount + 4 * rowsPerSlice, comment)
    #expect(fragmentCountMax <= 2 * PartRules.fragmentCountMax + 2, comment)
  }
}
