import SternaBase
import TestSupport
import Testing

@testable import Columnar

@Suite struct TextAssemblyTests {
  private static let chunkCount = 9
  private static let rowsPerChunk = 300

  /// Chunks of texts, each made by `text` of its number and a row, assembled in an order of a seed.
  private func assembled(
    _ layout: TextLayout, seed: UInt64, nulls: Bool = false, text: (Int, Int) -> String
  ) throws -> (result: Column, expected: Column) {
    var random = SeededGenerator(seed: seed)
    let chunks = (0..<Self.chunkCount).map { chunk in
      Column.strings(
        (0..<Self.rowsPerChunk).map { nulls && ($0 + chunk) % 7 == 0 ? nil : text(chunk, $0) })
    }
    let assembler = try FrameAssembler(
      schema: Schema([Field("text", .utf8)]), rowCount: Self.chunkCount * Self.rowsPerChunk,
      textLayout: layout)
    for chunk in chunks.indices.shuffled(using: &random) {
      let segment = try SegmentEncoder().encode(DataFrame([("text", chunks[chunk])]), kind: .segment)
      try assembler.place(
        segment.chunks[0], segment.bytes[segment.chunks[0].byteRange], column: 0,
        atRow: chunk * Self.rowsPerChunk)
    }
    return (try assembler.finish().columns[0], Column.concatenating(chunks))
  }

  private func hasEqualTexts(_ left: Column, _ right: Column) -> Bool {
    left.count == right.count && (0..<left.count).allSatisfy { left.string(at: $0) == right.string(at: $0) }
  }

  @Test(arguments: UInt64(0)..<8)
  func fewDistinctTextsBecomeADictionary(seed: UInt64) throws {
    let (result, expected) = try assembled(.dictionaries, seed: seed, nulls: seed % 2 == 0) {
      ["", "@ F", "Z", "ärger"][($0 &* 3 &+ $1 &* $1) % 4]
    }
    #expect(result.type == .dictionary)
    #expect(hasEqualTexts(result, expected), "seed \(seed)")
  }

  @Test(arguments: UInt64(0)..<8)
  func oneChunkOfManyTextsWritesAllOut(seed: UInt64) throws {
    let (result, expected) = try assembled(.dictionaries, seed: seed, nulls: seed % 2 == 0) {
      $0 == 4 ? "text \($1) of many, \($1 &* 7919 % 1_000)" : ["a", "bcd"][$1 % 2]
    }
    #expect(result.type == .utf8)
    #expect(hasEqualTexts(result, expected), "seed \(seed)")
  }

  @Test(arguments: UInt64(0)..<8)
  func textsThatDifferInANumberBecomeADictionary(seed: UInt64) throws {
    // Chunks have different digits in common, and only some have the smallest number of all.
    let shapes: [(Int) -> String] = [
      { "user-\(Self.digits(1_000_000 + $0))-x" }, { "9\(Self.digits($0))" }, { Self.digits($0) },
      { "id-\($0)" },
      { "f0\(String(0x1000_0000 + $0, radix: 16))" },
    ]
    for (number, shape) in shapes.enumerated() {
      let (result, expected) = try assembled(.dictionaries, seed: seed, nulls: seed % 2 == 0) {
        shape(($0 * 977 + $1 * 7919) % 300 + $0 * 200)
      }
      #expect(result.type == .dictionary, "shape \(number)")
      #expect(hasEqualTexts(result, expected), "shape \(number), seed \(seed)")
    }
  }

  @Test(arguments: UInt64(0)..<8)
  func numbersThatAreNoDictionaryAreWrittenOut(seed: UInt64) throws {
    let shapes: [(Int, Int) -> String] = [
      // One chunk's numbers are far away, are of another pattern, have another length, or are no numbers.
      { "user-\(Self.digits($1 % 211 + ($0 == 5 ? 90_000 : 700)))" },
      { ($0 == 5 ? "item-" : "user-") + Self.digits($1 % 211 + $0 * 10) },
      { $0 == 5 ? "user-\($1 % 211)" : "user-\(Self.digits($1 % 211 + $0))" },
      { "id-\($0 == 5 ? -$1 : 500 - $1)" },
      { "ü\(Self.digits($1 % 211 + $0))" },
    ]
    for (number, shape) in shapes.enumerated() {
      let (result, expected) = try assembled(.dictionaries, seed: seed, nulls: seed % 2 == 0, text: shape)
      #expect(result.type == .utf8, "shape \(number)")
      #expect(hasEqualTexts(result, expected), "shape \(number), seed \(seed)")
    }
  }

  @Test(arguments: UInt64(0)..<8)
  func numbersAndFewDistinctTextsAreOneDictionary(seed: UInt64) throws {
    let (result, expected) = try assembled(.dictionaries, seed: seed, nulls: seed % 2 == 0) {
      $0 % 3 == 1 ? ["none", "user-00042"][$1 % 2] : "user-\(Self.digits($0 * 10 + $1 % 250))"
    }
    #expect(result.type == .dictionary)
    #expect(hasEqualTexts(result, expected), "seed \(seed)")
  }

  @Test(arguments: UInt64(0)..<8)
  func theLastFewRowsDoNotWriteAllOut(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let columns: [Column] = [
      .strings((0..<900).map { ["P", "Q", nil][$0 % 3] }),
      .strings(["new", nil, "P", "other, with a comma"]),
      .strings((0..<300).map { ["Q", "R"][$0 % 2] }),
    ]
    let assembler = try FrameAssembler(
      schema: Schema([Field("text", .utf8)]), rowCount: 1_204, textLayout: .dictionaries)
    var starts = [0]
    for column in columns { starts.append(starts[starts.count - 1] + column.count) }
    for number in columns.indices.shuffled(using: &random) {
      let segment = try SegmentEncoder().encode(DataFrame([("text", columns[number])]), kind: .segment)
      try assembler.place(
        segment.chunks[0], segment.bytes[segment.chunks[0].byteRange], column: 0, atRow: starts[number])
    }
    let result = try assembler.finish().columns[0]
    #expect(result.type == .dictionary)
    #expect(hasEqualTexts(result, Column.concatenating(columns)), "seed \(seed)")
  }

  private static func digits(_ number: Int) -> String {
    String(repeating: "0", count: max(0, 5 - String(number).count)) + String(number)
  }

  @Test(arguments: UInt64(0)..<8)
  func valuesAreWrittenOutInAnyOrderAndOfAnySize(seed: UInt64) throws {
    // Chunks of very different sizes: whichever comes first says little about the others.
    let (result, expected) = try assembled(.values, seed: seed, nulls: seed % 2 == 0) {
      String(repeating: "x\($1 % 17)", count: $0 * $0 * 3)
    }
    #expect(result == expected, "seed \(seed)")
  }

  @Test func columnsOfOneTypeLieSideBySide() throws {
    let frame = try DataFrame([
      ("a", .float64s([1, 2, 3])), ("n", .int64s([1, 2, 3])), ("b", .float64s([4, 5, 6])),
    ])
    let segment = try SegmentEncoder().encode(frame, kind: .segment)
    let assembler = try FrameAssembler(schema: frame.schema, rowCount: 3)
    for (position, chunk) in segment.chunks.enumerated() {
      try assembler.place(chunk, segment.bytes[chunk.byteRange], column: position, atRow: 0)
    }
    let result = try assembler.finish()
    #expect(result == frame)
    let starts = ["a", "b"].compactMap { name in
      result[name]?.withValues(as: Double.self) { UnsafeRawPointer($0.baseAddress) }
    }
    #expect(starts.count == 2 && starts[1] - starts[0] == 24)
  }
}
