import Columnar
import SternaBase

/// Columns made of the input's bytes: what is encoded must decode to the same.
enum RoundTrip {
  /// First byte: the type and the options. Second: how often each value repeats, and how it is scaled.
  static func check(_ input: Bytes) {
    guard input.count > 2 else { return }
    let column = column(of: input)
    let preference = EncodingOptions.Preference.allCases[Int(input[0] >> 4) % 3]
    let encoder = SegmentEncoder(options: EncodingOptions(preference: preference))
    do {
      let frame = try DataFrame([("c", column)])
      let segment = try Segment(
        parsing: try encoder.encode(frame, kind: .segment).bytes, subject: "round trip")
      guard try segment.decodeColumn(at: 0, verifyingChecksum: true) == column else {
        return differs(column)
      }
    } catch {
      differs(column)
    }
  }

  private static func differs(_ column: Column) {
    preconditionFailure("a column of \(column.count) \(column.type) did not come back")
  }

  private static func column(of input: Bytes) -> Column {
    let repeats = 1 << (Int(input[1]) & 7)
    let shift = UInt64(input[1] >> 3)
    let isNullable = input[0] & 8 != 0
    var words: [UInt64?] = []
    for start in stride(from: 2, to: input.count, by: 8) {
      let word = (start..<min(start + 8, input.count)).reduce(0) { $0 << 8 | UInt64(input[$1]) }
      let isNull = isNullable && word & 3 == 1
      words += [UInt64?](repeating: isNull ? nil : word >> shift, count: repeats)
    }
    // A ramp over the values, so that neighbours differ although values repeat.
    let step = UInt64(input[1] & 31)
    words = words.enumerated().map { row, word in word.map { $0 &+ UInt64(row) &* step } }
    switch input[0] & 7 {
    case 0: return .int64s(words.map { $0.map { Int64(bitPattern: $0) } })
    case 1: return .int32s(words.map { $0.map { Int32(truncatingIfNeeded: $0) } })
    case 2: return .uint8s(words.map { $0.map { UInt8(truncatingIfNeeded: $0) } })
    case 3: return .float64s(words.map { $0.map { Double(bitPattern: $0) } })
    case 4: return .float64s(words.map { $0.map { Double($0) / 100 } })
    case 5: return .strings(words.map { $0.map { "id-\($0)" } })
    case 6: return .strings(words.map { $0.map { String($0 | 1 << 60, radix: 16) } })
    default: return .float32s(words.map { $0.map { Float(bitPattern: UInt32(truncatingIfNeeded: $0)) } })
    }
  }
}
