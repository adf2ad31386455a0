import SternaBase

/// The first and last index value of consecutive rows, as Int64 (both included).
package struct KeyRange: Hashable, Sendable {
  package var first: Int64
  package var last: Int64

  package init(first: Int64, last: Int64) {
    self.first = first
    self.last = last
  }

  package func overlaps(_ range: ClosedRange<Int64>) -> Bool {
    first <= range.upperBound && last >= range.lowerBound
  }

  func write(to writer: inout ByteWriter) {
    writer.writeSignedVarint(first)
    // A difference of two Int64 fits 64 bits without sign, as last >= first.
    writer.writeVarint(UInt64(bitPattern: last &- first))
  }

  init(reading reader: inout ByteReader) throws(SternaError) {
    first = try reader.readSignedVarint()
    last = first &+ Int64(bitPattern: try reader.readVarint())
    guard last >= first else { throw reader.malformed("index range that ends before it starts") }
  }
}
