package import SternaBase

/// Why a column was encoded as it was: what `sterna inspect --codecs` prints.
package struct EncodingExplanation: Sendable {
  /// A way to encode the column, and what it costs a reader, by a sample or by all rows.
  package struct Candidate: Sendable {
    /// The encodings on one line.
    package let encoding: String
    package let bitsPerValue: Double
    /// Decoding alone.
    package let nanosecondsPerValue: Double
    /// Decoding, and moving and checking the bytes, at the price of the options; the lowest wins.
    package let readNanosecondsPerValue: Double
  }

  /// The encodings that were written, on one line.
  package let encoding: String
  package let byteCount: Int
  package let bitsPerValue: Double
  /// Bytes in memory to bytes stored.
  package let ratio: Double
  /// Best first. Few rows or a sample that misled can make the first one lose against a later one.
  package let candidates: [Candidate]
}

extension SegmentEncoder {
  /// Encodes a column and says what it was weighed against.
  package func explain(_ column: Column) throws(SternaError) -> EncodingExplanation {
    let (node, bytes) = try ColumnEncoder(options: options).encode(column)
    return EncodingExplanation(
      encoding: node.description, byteCount: bytes.count,
      bitsPerValue: Double(bytes.count * 8) / Double(max(1, column.count)),
      ratio: Double(column.memoryByteCount) / Double(max(1, bytes.count)),
      candidates: ColumnEncoder(options: options).candidates(for: column))
  }
}

extension ColumnEncoder {
  fileprivate func candidates(for column: Column) -> [EncodingExplanation.Candidate] {
    switch column.storage {
    case .fixedWidth:
      let encoder = NumberEncoder(options: options, schemes: Self.schemes(for: column.type))
      return WidenedSlots.lend(column) { numbers in
        if let constant = ConstantEncoding.encode(numbers) {
          return [candidate(constant, byteCount: 0, count: numbers.count)]
        }
        return encoder.candidates(for: numbers, slotWidth: column.type.byteWidth ?? 0).map {
          EncodingExplanation.Candidate(
            encoding: $0.node.description, bitsPerValue: $0.bitsPerValue,
            nanosecondsPerValue: $0.nanosecondsPerValue, readNanosecondsPerValue: $0.cost)
        }
      }
    case .variable,
      .dictionary where column.type == .utf8:
      return TextEncoder(options: options).alternatives(for: column)
        .map { candidate($0.node, byteCount: $0.byteCount, count: column.count, decoding: $0.nanoseconds) }
        .sorted { $0.readNanosecondsPerValue < $1.readNanosecondsPerValue }
    case .bits, .dictionary: return []
    }
  }

  private func candidate(
    _ node: EncodedNode, byteCount: Int, count: Int, decoding: Double? = nil
  ) -> EncodingExplanation.Candidate {
    let rows = Double(max(1, count))
    let nanoseconds = (decoding ?? DecodeCost.nanoseconds(node, count: count)) / rows
    return EncodingExplanation.Candidate(
      encoding: node.description, bitsPerValue: Double(byteCount * 8) / rows,
      nanosecondsPerValue: nanoseconds,
      readNanosecondsPerValue: Double(byteCount) / rows * options.nanosecondsPerByte + nanoseconds)
  }
}
