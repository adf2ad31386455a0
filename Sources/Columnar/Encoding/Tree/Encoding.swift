/// How a run of values, bits or bytes is stored: one node of a column chunk's encoding tree.
///
/// The raw value is what stands in a segment and never changes its meaning; a new encoding gets a new
/// number, a case here, a file beside the others, and a line in `docs/format/segment.md`.
package enum Encoding: UInt8, Sendable, CaseIterable {
  /// Values or bytes as they are in memory, little-endian.
  case plain = 0
  /// One value, repeated.
  case constant = 1
  /// Numbers as their distance from a vector's smallest, bit-packed.
  case frameOfReference = 2
  /// Numbers as the distance of their difference from a vector's smallest difference, bit-packed.
  case delta = 3
  /// Numbers as multiples of a common divisor.
  case scaled = 4
  /// Numbers of few distinct values, as codes.
  case lookup = 5
  /// Doubles as decimal integers (ALP), with exceptions.
  case decimal = 6
  /// Bits as they are in memory.
  case bitmap = 7
  /// Texts or binaries as lengths and bytes.
  case variable = 8
  /// Texts of few distinct values, as codes.
  case dictionary = 9
  /// The child's bytes, compressed.
  case zstd = 10
  /// A bit a row for presence, and the values.
  case nullable = 11

  /// How many numbers follow the node's byte count.
  var parameterCount: Int {
    switch self {
    case .plain, .frameOfReference, .delta, .bitmap, .variable, .nullable: 0
    case .constant, .lookup, .dictionary, .zstd: 1
    case .scaled: 2
    case .decimal: 3
    }
  }

  /// How many nodes follow the parameters.
  var childCount: Int {
    switch self {
    case .plain, .constant, .frameOfReference, .delta, .bitmap: 0
    case .scaled, .zstd: 1
    case .lookup, .dictionary, .variable, .nullable: 2
    case .decimal: 3
    }
  }

  /// The name that `sterna inspect` prints.
  var name: String {
    switch self {
    case .frameOfReference: "for"
    default: "\(self)"
    }
  }
}
