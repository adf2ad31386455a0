import CArrow
import SternaBase
import TestSupport
import Testing

@testable import Columnar

/// A utf8 column that has its texts as codes is the same column as one that has them written out.
@Suite struct CodedTextsTests {
  /// Both layouts of the same rows; codes have texts that no row uses, and one text twice.
  private func both(_ texts: [String?]) throws -> (coded: Column, plain: Column) {
    let dictionary = Column.dictionary(["unused", "twin"] + texts)
    guard case .dictionary(let codes, let values) = dictionary.slice(2..<dictionary.count).storage else {
      throw SternaError(.invalidArgument, "a dictionary without codes")
    }
    let twins = Column.concatenating([values, .strings(["twin"])])
    let coded = Column(
      type: .utf8, count: texts.count, storage: .dictionary(codes: codes, values: twins),
      validity: Column.strings(texts).validity)
    return (coded, .strings(texts))
  }

  private static let samples: [[String?]] = [
    [], ["a"], [nil], [nil, nil], ["", "é", nil, "twin", "x"],
    (0..<9_000).map { ["P", "Q", "", "long enough for more than one word"][$0 * $0 % 4] },
    (0..<2_000).map { $0 % 3 == 0 ? nil : "id-\($0 % 50)" },
    // Too many for a dictionary.
    (0..<9_000).map { "user-\($0 * 7 % 100_000)" },
  ]

  @Test(arguments: samples) func bothLayoutsGiveEqualBytes(texts: [String?]) throws {
    let (coded, plain) = try both(texts)
    #expect(coded == plain && coded.writtenOut == plain)
    #expect(coded.memoryByteCount >= plain.memoryByteCount)
    let segments = try [coded, plain].map {
      try SegmentEncoder().encode(DataFrame([("c", $0)]), kind: .segment)
    }
    #expect(segments[0].bytes == segments[1].bytes)
    let decoded = try Segment(parsing: segments[0].bytes, subject: "test").decodeColumn(at: 0)
    #expect(decoded == plain)
  }

  @Test(arguments: samples) func bothLayoutsJoin(texts: [String?]) throws {
    let (coded, plain) = try both(texts)
    let half = texts.count / 2
    let joined = [
      Column.concatenating([coded.slice(0..<half), plain.slice(half..<texts.count)]),
      Column.concatenating([coded.slice(0..<half), coded.slice(half..<texts.count)]),
    ]
    for column in joined { #expect(column == plain) }
  }

  @Test func codesOfNoTextAreThoseOfNulls() throws {
    let codes = Bytes(count: 12) { raw in
      let slots = raw.assumingMemoryBound(to: Int32.self)
      (slots[0], slots[1], slots[2]) = (-1, 0, 99)
    }
    let column = Column(
      type: .utf8, count: 3, storage: .dictionary(codes: codes, values: .strings(["x"])),
      validity: Bitmap([false, true, false]))
    #expect(column.writtenOut == .strings([nil, "x", nil]))
    let segment = try SegmentEncoder().encode(DataFrame([("c", column)]), kind: .segment)
    #expect(
      try Segment(parsing: segment.bytes, subject: "test").decodeColumn(at: 0) == .strings([nil, "x", nil]))
  }

  @Test func theyLeaveThroughArrowAsTexts() throws {
    let (coded, plain) = try both(["a", nil, "a", "b"])
    var array = ArrowArray(exporting: coded)
    defer { array.release?(&array) }
    #expect(array.n_buffers == 3 && array.dictionary == nil && array.null_count == 1)
    let layout = try #require(ArrowLayout(format: "U"))
    let reader = try ArrowArrayReader(
      array, name: "c", owner: ArrowOwner(moving: ArrowArray()), offset: 0, count: 4)
    #expect(try reader.column(layout) == plain)
  }

  @Test func metadataSaysThatADictionaryHoldsPlainTexts() {
    func metadata(_ pairs: [(String, String)]) -> [CChar] {
      var writer = ByteWriter()
      writer.write(Int32(pairs.count))
      for text in pairs.flatMap({ [$0.0, $0.1] }) {
        writer.write(Int32(text.utf8.count))
        writer.writeRaw(Array(text.utf8))
      }
      return writer.bytes.map { CChar(bitPattern: $0) }
    }
    func holds(_ pairs: [(String, String)]) -> Bool {
      metadata(pairs).withUnsafeBufferPointer {
        ArrowMetadata.holds("sterna:type", "utf8", in: $0.baseAddress)
      }
    }
    #expect(holds([("sterna:type", "utf8")]) && holds([("other", ""), ("sterna:type", "utf8")]))
    #expect(!holds([]) && !holds([("sterna:type", "utf")]) && !holds([("sterna:typ", "utf8")]))
    #expect(!ArrowMetadata.holds("sterna:type", "utf8", in: nil))
  }
}
