import Columnar
import SternaBase

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Inputs to start from: a small segment and chunk of every shape that some encoding is made for.
enum Seeds {
  static func write(to folder: String) throws {
    for (name, column) in columns {
      let encoded = try SegmentEncoder().encode(DataFrame([("c", column)]), kind: .node, alignment: 8)
      try write([0] + encoded.bytes.array, "\(folder)/segment-\(name)")
      for chunk in encoded.chunks {
        var writer = ByteWriter()
        chunk.write(to: &writer)
        try write([1] + writer.bytes + encoded.bytes[chunk.byteRange].array, "\(folder)/chunk-\(name)")
      }
    }
    for type: UInt8 in 0..<16 {
      let values = (0..<96).map { UInt8(truncatingIfNeeded: $0 * 37 * Int(type + 1)) }
      try write([2, type, type * 17] + values, "\(folder)/values-\(type)")
    }
  }

  private static func write(_ bytes: [UInt8], _ path: String) throws {
    guard let file = fopen(path, "wb") else { throw SternaError(.invalidArgument, "cannot write \(path)") }
    defer { fclose(file) }
    guard fwrite(bytes, 1, bytes.count, file) == bytes.count else {
      throw SternaError(.invalidArgument, "cannot write \(path)")
    }
  }

  private static var columns: [(String, Column)] {
    let rows = 0..<300
    let noise = rows.map { UInt64($0 &+ 1) &* 0x9E37_79B9_7F4A_7C15 }
    return [
      ("constant", .int64s(rows.map { _ in 7 })),
      ("for", .int64s(noise.map { Int64($0 >> 52) })),
      ("delta", .int64s(rows.map { Int64($0 * 1_000) + Int64(noise[$0] >> 60) })),
      ("scaled", .timestamps(noise.map { Int64($0 >> 54) * 1_000_000 }, unit: .nanosecond)),
      ("differences", .int64s(rows.map { Int64($0 * 30) })),
      ("lookup", .int64s(noise.map { [1, 1 << 40, -5][Int($0 % 3)] })),
      ("runs", .int64s(rows.map { Int64(noise[$0 / 40] >> 40) })),
      ("patched", .int64s(rows.map { $0 % 90 == 5 ? Int64(noise[$0] >> 10) : Int64(noise[$0] >> 62) })),
      ("planes", .int64s(rows.map { Int64($0 % 3 * 77) })),
      ("decimal", .float64s(noise.map { Double($0 >> 50) / 100 })),
      ("dyadic", .float64s(noise.map { Double($0 >> 11) * 0x1p-53 })),
      ("split", .float64s(noise.map { Double(bitPattern: $0 & 0x800F_FFFF_FFFF_FFFF | 0x3FE0 << 48) })),
      ("plain", .float32s(noise.map { Float(bitPattern: UInt32(truncatingIfNeeded: $0)) })),
      ("bools", .bools(noise.map { $0 % 5 == 0 ? nil : $0 % 3 == 0 })),
      ("variable", .strings(noise.map { String(repeating: "é\($0 % 7)x", count: Int($0 % 5)) })),
      ("binary", .binaries(noise.map { [UInt8](repeating: UInt8($0 % 251), count: Int($0 % 9)) })),
      ("dictionary", .dictionary(noise.map { $0 % 6 == 0 ? nil : "code \($0 % 4)" })),
      ("pattern", .strings(noise.map { "id-\($0 >> 40)/\($0 % 100)" })),
      ("digits", .strings(noise.map { String($0 | 1 << 63, radix: 16) })),
    ]
  }
}
