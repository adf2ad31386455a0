import Columnar
import ObjectStore
import SternaBase
import TestSupport
import Testing

@testable import VersionStore

/// Random frames and edits, held against an array of rows: whatever is kept as parts of segments, every
/// version reads bit for bit, by every way of reading.
@Suite struct PartModelTests {
  private struct Row: Equatable {
    var key: Int64
    var number: Int64

    func text() -> String? { number % 7 == 0 ? nil : "t\(number % 11)" }
    func double() -> Double? { number % 5 == 0 ? nil : number % 13 == 1 ? -0.0 : Double(number) / 8 }
  }

  private static func frame(_ rows: [Row], hasIndex: Bool = true) throws -> DataFrame {
    try DataFrame(
      [
        ("time", .timestamps(rows.map(\.key), unit: .nanosecond)), ("value", .int64s(rows.map(\.number))),
        ("text", .strings(rows.map { $0.text() })), ("flag", .bools(rows.map { $0.number % 3 == 0 })),
        ("double", .float64s(rows.map { $0.double() })),
      ], index: hasIndex ? "time" : nil)
  }

  private struct Model {
    var rows: [Row] = []
    var nextNumber: Int64 = 1_000_000

    mutating func newRow(_ key: Int64) -> Row {
      nextNumber += 1
      return Row(key: key, number: nextNumber)
    }

    mutating func insert(_ count: Int, _ random: inout SeededGenerator) {
      for _ in 0..<count {
        let place = Int.random(in: 0...rows.count, using: &random)
        let key = place < rows.count ? rows[place].key : (rows.last?.key ?? 0) + 1
        rows.insert(newRow(key), at: place)
      }
    }

    mutating func remove(_ count: Int, _ random: inout SeededGenerator) {
      guard rows.count > 2 * count else { return }
      let place = Int.random(in: 0...(rows.count - count), using: &random)
      rows.removeSubrange(place..<(place + count))
    }

    mutating func change(_ count: Int, _ random: inout SeededGenerator) {
      for _ in 0..<count where !rows.isEmpty {
        let place = Int.random(in: 0..<rows.count, using: &random)
        rows[place] = newRow(rows[place].key)
      }
    }
  }

  @Test(arguments: [UInt64(1), 2, 3, 4, 5, 6, 7, 8]) func everyVersionReadsAsItsRows(
    _ seed: UInt64
  ) async throws {
    var random = SeededGenerator(seed: seed)
    let hasIndex = seed % 4 != 0
    let library = SimulatedLibrary()
    let tail = seed % 2 == 0 ? TailLimits() : TailLimits(byteCountMax: 2_048, rowCountMax: 20)
    let rowsPerSlice = [16, 64, 200][Int(seed % 3)]
    let client = library.client(seed: seed, rowsPerSlice: rowsPerSlice, tail: tail)
    var model = Model()
    let spacing = Int64.random(in: 1...3, using: &random)
    for number in 0..<Int64(900) { model.rows.append(Row(key: number / 2 * spacing, number: number)) }
    _ = try await client.write("S", try Self.frame(model.rows, hasIndex: hasIndex))
    var versions = [model.rows]
    for _ in 0..<14 {
      try await edit(&model, client, hasIndex: hasIndex, &random)
      versions.append(model.rows)
      let comment = Comment(rawValue: "\(random), version \(versions.count - 1)")
      try await check(client, .latest, model.rows, hasIndex: hasIndex, &random, comment)
      try await PartBounds(client.version("S"), rowsPerSlice: rowsPerSlice).expectKept(comment)
    }
    #expect(try await client.verify(depth: .data).problems == [])
    _ = try await client.collect("S")
    let other = library.client(seed: 99, rowsPerSlice: rowsPerSlice)
    for (number, rows) in versions.enumerated() {
      #expect(
        try await other.version("S", .number(Int64(number))).read()
          .hasRows(Self.frame(rows, hasIndex: hasIndex)), "\(random), version \(number)")
    }
    // A copy has the same rows, and is whole.
    _ = try await client.copy("S", to: client, as: "T")
    #expect(
      try await other.version("T").read().hasRows(Self.frame(model.rows, hasIndex: hasIndex)), "\(random)")
    #expect(try await client.verify(depth: .data).problems == [])
  }

  /// A change of the rows, and the operation that writes it.
  private func edit(
    _ model: inout Model, _ client: SymbolStore, hasIndex: Bool, _ random: inout SeededGenerator
  ) async throws {
    switch Int.random(in: 0..<(hasIndex ? 8 : 4), using: &random) {
    case 0: model.insert(Int.random(in: 1...2, using: &random), &random)
    case 1: model.remove(Int.random(in: 1...30, using: &random), &random)
    case 2: model.change(1, &random)
    case 3:
      let rows = (0..<Int.random(in: 1...60, using: &random)).map { _ in
        model.newRow((model.rows.last?.key ?? 0) + Int64.random(in: 0...2, using: &random))
      }.sorted { $0.key < $1.key }
      model.rows += rows
      _ = try await client.append("S", try Self.frame(rows, hasIndex: hasIndex))
      return
    default:
      try await replaceRange(&model, client, &random)
      return
    }
    _ = try await client.write("S", try Self.frame(model.rows, hasIndex: hasIndex))
  }

  private func replaceRange(
    _ model: inout Model, _ client: SymbolStore, _ random: inout SeededGenerator
  ) async throws {
    let last = (model.rows.last?.key ?? 0) + 3
    let lower = Int64.random(in: -2...last, using: &random)
    let upper = lower + [0, 0, 1, 5, 40, 300][Int.random(in: 0..<6, using: &random)]
    let before = model.rows.filter { $0.key < lower }
    let after = model.rows.filter { $0.key > upper }
    if Bool.random(using: &random), !(before + after).isEmpty {
      model.rows = before + after
      _ = try await client.deleteRows("S", lower...upper)
      return
    }
    let count = [1, 2, 20, 150][Int.random(in: 0..<4, using: &random)]
    let rows = (0..<count).map { _ in model.newRow(Int64.random(in: lower...upper, using: &random)) }
      .sorted { $0.key < $1.key }
    model.rows = before + rows + after
    _ = try await client.update("S", try Self.frame(rows), range: lower...upper)
  }

  // MARK: Ways of reading

  private func check(
    _ client: SymbolStore, _ selector: VersionSelector, _ rows: [Row], hasIndex: Bool,
    _ random: inout SeededGenerator, _ comment: Comment
  ) async throws {
    let version = try await client.version("S", selector)
    let whole = try Self.frame(rows, hasIndex: hasIndex)
    #expect(try await version.read().hasRows(whole), comment)
    #expect(version.content.summary.rowCount == rows.count, comment)
    var scanned: [DataFrame] = []
    for try await piece in try await version.scan() { scanned.append(piece) }
    let schema = try await version.schema()
    #expect(try DataFrame.concatenating(schema, scanned).hasRows(whole), comment)
    for _ in 0..<4 {
      let lower = Int.random(in: 0..<max(1, rows.count), using: &random)
      let numbers = lower..<Int.random(in: lower...rows.count, using: &random)
      #expect(
        try await version.read(ReadSelection(rows: .numbers(numbers), columns: ["double", "text"]))
          .hasRows(whole.slice(numbers).select(columns: (hasIndex ? ["time"] : []) + ["double", "text"])),
        comment)
      guard hasIndex, !rows.isEmpty else { continue }
      let first = rows[Int.random(in: 0..<rows.count, using: &random)].key
      let range = first...(first + Int64.random(in: 0...200, using: &random))
      let expected = try Self.frame(rows.filter { range.contains($0.key) })
      #expect(try await version.read(ReadSelection(rows: .keys(range))).hasRows(expected), comment)
      var pieces: [DataFrame] = []
      for try await piece in try await version.scan(ReadSelection(rows: .keys(range))) {
        pieces.append(piece)
      }
      #expect(try DataFrame.concatenating(schema, pieces).hasRows(expected), comment)
    }
    let count = min(rows.count, 7)
    #expect(
      try await version.read(ReadSelection(rows: .last(count)))
        .hasRows(whole.slice((rows.count - count)..<rows.count)), comment)
  }
}

extension DataFrame {
  /// Equal but for nullability.
  func hasRows(_ other: DataFrame) -> Bool {
    schema.hasSameColumns(as: other.schema) && columns == other.columns
  }
}
