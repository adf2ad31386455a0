import Columnar
import Sterna
import Testing
import VersionStore

@testable import SternaCLI

@Suite struct InspectionTests {
  private func inspect(rowCount: Int) async throws -> Inspection {
    var options = StoreOptions()
    options.rowsPerSlice = 8
    let store = try await Store.open("memory://inspection-test-\(rowCount)", options: options)
    let library = try await store.library("l", create: true)
    let rows = (0..<rowCount).map { Int64($0) }
    try await library.write(
      "y",
      try DataFrame(
        [("t", .timestamps(rows, unit: .second)), ("n", .int64s(rows.map { $0 % 5 == 0 ? nil : $0 }))],
        index: "t"))
    return try await Inspection.read("y", in: library, asOf: .latest, wantsChunks: true)
  }

  @Test(
    "Nodes come before their children, and leaves in the order of the rows", arguments: [6, 100, 12_000])
  func order(_ rowCount: Int) async throws {
    let inspection = try await inspect(rowCount: rowCount)
    let nodes = inspection.nodes
    let rowCount = rowCount - (inspection.version.content.tail?.rowCount ?? 0)
    let top = try #require(nodes.first)
    #expect(top.summary.rowCount == rowCount)
    #expect(nodes.allSatisfy { $0.level <= top.level })
    var nextRow = 0
    for leaf in nodes where leaf.level == 0 {
      #expect(leaf.firstRow == nextRow)
      nextRow += leaf.summary.rowCount
    }
    #expect(nextRow == rowCount)
    for (before, node) in zip(nodes, nodes.dropFirst()) where node.level > 0 {
      #expect(before.level == 0 || before.level == node.level + 1)
    }
    // Enough rows for the walk to have gone through more than one level.
    if rowCount > 10_000 { #expect(top.level >= 2) }
  }

  @Test("The columns' chunks add up to the whole column")
  func columns() async throws {
    let inspection = try await inspect(rowCount: 100)
    let columns = try inspection.columns()
    #expect(columns.rowCount == 2)
    #expect(columns["nulls"]?.value(at: 1) == .integer(20))
    #expect(columns["min"]?.string(at: 0) == "1970-01-01T00:00:00")
    #expect(columns["max"]?.string(at: 1) == "99")
    #expect(
      try inspection.segments().rowCount == 2 * inspection.chunks.count + inspection.tailChunks.count)
  }

  @Test("A symbol that is in its ref alone is shown as its tail")
  func tail() async throws {
    let inspection = try await inspect(rowCount: 3)
    #expect(inspection.nodes.isEmpty)
    let tree = try inspection.tree()
    #expect(tree["entry"]?.string(at: 0) == "tail" && tree["block"]?.string(at: 0) == "in the ref")
    #expect(tree["rows"]?.value(at: 0) == .integer(3))
    #expect(try inspection.columns()["max"]?.string(at: 1) == "2")
  }

  @Test("A symbol without rows has no index")
  func empty() async throws {
    let inspection = try await inspect(rowCount: 0)
    #expect(inspection.nodes.isEmpty)
    #expect(try inspection.tree().rowCount == 0)
    #expect(try inspection.columns().rowCount == 2)
  }
}
