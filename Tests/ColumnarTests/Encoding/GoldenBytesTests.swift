import SternaBase
import Testing

@testable import Columnar

/// The stored bytes of small examples. A change here changes the format: old segments must stay readable.
@Suite struct GoldenBytesTests {
  /// Descriptor and chunk in hex, checked to decode to the column.
  private func requireBytes(
    _ column: Column, tree: String, descriptor: String, chunk: String,
    location: SourceLocation = #_sourceLocation
  ) throws {
    let (node, bytes) = try ColumnEncoder(options: .standard).encode(column)
    try requireBytes(
      column, node, bytes, tree: tree, descriptor: descriptor, chunk: chunk, location: location)
  }

  private func requireBytes(
    _ column: Column, _ node: EncodedNode, _ bytes: Bytes, tree: String, descriptor: String, chunk: String,
    location: SourceLocation
  ) throws {
    var writer = ByteWriter()
    node.write(to: &writer)
    #expect(node.description == tree, sourceLocation: location)
    #expect(Hex.encode(writer.bytes) == descriptor, sourceLocation: location)
    #expect(Hex.encode(bytes.array) == chunk, sourceLocation: location)
    var reader = ByteReader(writer.finish(), subject: "golden")
    let stored = try EncodedNode(reading: &reader)
    let decoded = try ColumnDecoder.decode(stored, bytes, type: column.type, count: column.count)
    #expect(decoded == column, sourceLocation: location)
  }

  @Test func plain() throws {
    try requireBytes(
      .float32s([1.5, -.zero, .nan]), tree: "plain", descriptor: "000c", chunk: "0000c03f000000800000c07f")
  }

  @Test func constant() throws {
    try requireBytes(.int64s([-3, -3, -3]), tree: "constant", descriptor: "010005", chunk: "")
  }

  /// As above, for numbers of one column encoded with a given scheme.
  private func requireBytes(
    _ column: Column, _ scheme: NumberScheme, tree: String, descriptor: String, chunk: String,
    location: SourceLocation = #_sourceLocation
  ) throws {
    var target = GrowableBytes()
    let encoder = NumberEncoder(options: .standard, schemes: .doubleBits)
    let node = WidenedSlots.lend(column) {
      encoder.apply(scheme, to: $0, slotWidth: column.type.byteWidth ?? 0, into: &target)
    }
    try requireBytes(
      column, #require(node), target.take(), tree: tree, descriptor: descriptor, chunk: chunk,
      location: location)
  }

  @Test func frameOfReference() throws {
    // Width 3, smallest 100, distances 0 7 1 3 0.
    try requireBytes(
      .int64s([100, 107, 101, 103, 100]), .frameOfReference, tree: "for", descriptor: "0205",
      chunk: "03c8017806")
    try requireBytes(.int16s([1, -2]), .frameOfReference, tree: "for", descriptor: "0203", chunk: "020303")
  }

  @Test func delta() throws {
    // Width 2, smallest difference 999, start 10 - 999, distances 0 2 0 3.
    try requireBytes(
      .int64s([10, 1_011, 2_010, 3_012]), .delta, tree: "delta", descriptor: "0306", chunk: "02ce0fb90fc8")
  }

  @Test func differences() throws {
    let numbers = (0..<20).map { Int64($0) * 5 + 100 }
    // Start 95, differences 5.
    try requireBytes(
      .int64s(numbers), .differences, tree: "differences(constant)", descriptor: "0d00be0101000a", chunk: ""
    )
  }

  @Test func scaled() throws {
    let times: [Int64] = [5, 7, 6, 10, 8, 12, 11, 14, 5, 9].map { $0 * 1_000_000_000_000 + 1 }
    try requireBytes(
      .int64s(times), .scaled, tree: "scaled(for)", descriptor: "040082c0caf384a30280a094a58d1d0207",
      chunk: "04002051739640")
  }

  @Test func lookup() throws {
    let flags = (0..<64).map { [3, 1 << 40, 78][$0 * $0 % 7 % 3] as Int64 }
    try requireBytes(
      .int64s(flags), .lookup, tree: "lookup(for, for)", descriptor: "05000302120211",
      chunk: "02009416a54569515a9416a54569515a9416" + "28060000000000fdffffffff4b00000000")
  }

  @Test func runs() throws {
    // Lengths 8 and 12, values 3 and 1,000.
    let numbers = [Int64](repeating: 3, count: 8) + [Int64](repeating: 1_000, count: 12)
    try requireBytes(
      .int64s(numbers), .runs, tree: "runs(for, for)", descriptor: "0f0002" + "0203" + "0205",
      chunk: "031020" + "0a0600940f")
  }

  @Test func patched() throws {
    // Row 5 is 1,000,000; its place among the numbers repeats the one before.
    let numbers = (0..<8).map { $0 == 5 ? 1_000_000 : Int64($0 % 2) }
    try requireBytes(
      .int64s(numbers), .patched(.init(smallest: 0, width: 1)), tree: "patched(for, constant, constant)",
      descriptor: "0e0001" + "0203" + "01000a" + "010080897a", chunk: "01008a")
  }

  @Test func planes() throws {
    // The numbers' distances from -1 in two planes: 256 low bytes, 256 high bytes, compressed.
    let numbers = (0..<256).map { Int64($0 % 2) * 511 - 1 }
    let column = Column.int64s(numbers)
    var target = GrowableBytes()
    let node = numbers.withUnsafeBufferPointer { PlanesEncoding.encode($0, into: &target) }
    let low = (0..<128).map { _ in "00ff" }.joined()
    let high = (0..<128).map { _ in "0001" }.joined()
    try requireBytes(
      column, node, target.take(), tree: "planes", descriptor: "0c80040201", chunk: low + high,
      location: #_sourceLocation)
  }

  @Test func split() throws {
    // High parts 0x3FF0 and 0xBFF0 above 48 bits, all low parts 5.
    let doubles = [1, -1, -1, 1].map { Double(bitPattern: ($0 as Double).bitPattern | 5) }
    try requireBytes(
      .float64s(doubles), .split(lowWidth: 48), tree: "split(for, constant)",
      descriptor: "100030" + "020c" + "01000a", chunk: "10e0ff01" + "0000008000800000")
  }

  @Test func dyadic() throws {
    // 1/4, 2/4, -3/4.
    try requireBytes(
      .float64s([0.25, 0.5, -0.75]), .dyadic(exponent: 2), tree: "dyadic(for)",
      descriptor: "110002" + "0204",
      chunk: "03052c00")
  }

  @Test func decimal() throws {
    let prices = [167.41, 167.42, -0.0, 167.4, 167.45, 168, 167.99, 167.41, 167.43, 167.44]
    try requireBytes(
      .float64s(prices), .decimal(.init(e: 14, f: 12)), tree: "decimal(for, constant, constant)",
      descriptor: "06000e0c01020c0100040100ffffffffffffffffff01", chunk: "06c8850281200005bf070301")
  }

  @Test func pattern() throws {
    // "id-" and a number without leading zeros: 17 is 100 - 83.
    let ids = (0..<64).map { $0 % 2 == 0 ? "id-100" : "id-17" }
    var target = GrowableBytes()
    let column = Column.strings(ids)
    let parts = try #require(PatternEncoding.parts(of: column))
    let node = PatternEncoding.encode(parts, EncodingOptions(compressionLevel: 0), into: &target)
    try requireBytes(
      column, node, target.take(), tree: "pattern(scaled(for))",
      descriptor: "120701" + "0400c80153" + "020a",
      chunk: "02" + "000369642d" + "01" + "0101" + "5555555555555555",
      location: #_sourceLocation)
  }

  @Test func bitmapAndNullable() throws {
    try requireBytes(.bools([true, false, true]), tree: "bitmap", descriptor: "0701", chunk: "05")
    try requireBytes(
      .int8s([5, nil, 6, nil]), tree: "nullable(bitmap, for)", descriptor: "0b0007010203", chunk: "05010a0c"
    )
  }

  @Test func variable() throws {
    try requireBytes(
      .strings(["a", "", nil, "é雪"]), tree: "nullable(bitmap, variable(for, plain))",
      descriptor: "0b000701080002040006", chunk: "0b0300010a61c3a9e99baa")
    try requireBytes(
      .binaries([[1, 2], [3, 4]]), tree: "variable(constant, plain)", descriptor: "08000100040004",
      chunk: "01020304")
  }

  @Test func dictionary() throws {
    try requireBytes(
      .dictionary(["P", "Q", nil, "P"]),
      tree: "nullable(bitmap, dictionary(for, variable(constant, plain)))",
      descriptor: "0b000701090002020308000100020002", chunk: "0b0100065051")
  }

  /// A frame of one raw block; what the compressor writes is its own affair and changes with its version.
  @Test func zstd() throws {
    let frame = try #require(Hex.decode("28b52ffd200421000001020304"))
    let node = EncodedNode(
      .zstd, byteCount: frame.count, parameters: [4], children: [EncodedNode(.plain, byteCount: 4)])
    let column = try ColumnDecoder.decode(node, Bytes(frame), type: .int32, count: 1)
    #expect(column == .int32s([0x0403_0201]))
  }

  @Test func aWholeSegment() throws {
    let frame = try DataFrame(
      [("t", .timestamps([1, 2], unit: .millisecond, zone: "UTC")), ("s", .strings(["x", nil]))], index: "t"
    )
    let bytes = try SegmentEncoder().encode(frame, kind: .node, alignment: 8).bytes
    let header = "5354524e" + "01" + "02" + "03" + "00" + "0200000000000000"
    let chunks = "010202" + "0000000000" + "01" + "010001" + "78"
    let time =
      "0174" + "0c010103555443" + "00" + "10" + "03" + "02" + "00030204"
      + "615e3707ec89c64aae711255756bc974" + "0203"
    let text =
      "0173" + "0f" + "01" + "18" + "05" + "02" + "0103" + "0178" + "0178"
      + "ac68724267938add046294d31056841c" + "0b000701" + "0800" + "0203" + "0001"
    let trailer = "4c000000" + "4e525453"
    #expect(Hex.encode(bytes.array) == header + chunks + "0201" + time + text + trailer)
  }
}
