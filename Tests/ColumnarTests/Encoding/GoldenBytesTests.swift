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

  @Test func frameOfReference() throws {
    // Width 3, smallest 100, distances 0 7 1 3 0.
    try requireBytes(
      .int64s([100, 107, 101, 103, 100]), tree: "for", descriptor: "0205", chunk: "03c8017806")
    try requireBytes(.int16s([1, -2]), tree: "for", descriptor: "0203", chunk: "020303")
  }

  @Test func delta() throws {
    // Width 2, smallest difference 999, start 10 - 999, distances 0 2 0 3.
    try requireBytes(
      .int64s([10, 1_011, 2_010, 3_012]), tree: "delta", descriptor: "0306", chunk: "02ce0fb90fc8")
  }

  @Test func scaled() throws {
    let times: [Int64] = [5, 7, 6, 10, 8, 12, 11, 14, 5, 9].map { $0 * 1_000_000_000_000 + 1 }
    try requireBytes(
      .int64s(times), tree: "scaled(for)", descriptor: "040082c0caf384a30280a094a58d1d0207",
      chunk: "04002051739640")
  }

  @Test func lookup() throws {
    let flags = (0..<64).map { [3, 1 << 40, 78][$0 * $0 % 7 % 3] as Int64 }
    try requireBytes(
      .int64s(flags), tree: "lookup(for, for)", descriptor: "05000302120211",
      chunk: "02009416a54569515a9416a54569515a9416" + "28060000000000fdffffffff4b00000000")
  }

  @Test func decimal() throws {
    let prices = [167.41, 167.42, -0.0, 167.4, 167.45, 168, 167.99, 167.41, 167.43, 167.44]
    try requireBytes(
      .float64s(prices), tree: "decimal(for, constant, constant)",
      descriptor: "0600100e01020c0100040100ffffffffffffffffff01", chunk: "06c8850281200005bf070301")
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
