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
  /// Numbers byte by byte: all lowest bytes, then all next ones.
  case planes = 12
  /// Numbers as differences of neighbours.
  case differences = 13
  /// Numbers with exceptions put over them.
  case patched = 14
  /// Numbers as lengths of runs and their values.
  case runs = 15
  /// Numbers as high and low bits (ALP-RD).
  case split = 16
  /// Doubles as integers divided by a power of two.
  case dyadic = 17
  /// Texts of one shape, as the numbers in them.
  case pattern = 18

  /// How many numbers follow the node's byte count.
  var parameterCount: Int {
    switch self {
    case .plain, .frameOfReference, .delta, .bitmap, .variable, .nullable: 0
    case .constant, .lookup, .dictionary, .zstd, .differences, .patched, .runs, .split, .dyadic, .pattern: 1
    case .scaled, .planes: 2
    case .decimal: 3
    }
  }

  /// The most numbers that a pattern of texts may have.
  static let patternFieldCount = 24

  /// How many nodes follow the parameters; nil when they ask for too many.
  func childCount(_ parameters: [UInt64]) -> Int? {
    switch self {
    case .plain, .constant, .frameOfReference, .delta, .bitmap, .planes: 0
    case .scaled, .zstd, .differences, .dyadic: 1
    case .lookup, .dictionary, .variable, .nullable, .runs, .split: 2
    case .decimal, .patched: 3
    case .pattern: parameters[0] <= Self.patternFieldCount ? Int(parameters[0]) : nil
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
