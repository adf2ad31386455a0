import SternaBase

// Texts of a utf8 column may be kept as a dictionary's codes: whoever has them like that need not write
// them out for the encoder to look for repetitions. The two layouts are the same column.
extension Column {
  /// The column with its texts one behind the other, for those who need them so; itself for other types.
  var writtenOut: Column {
    guard type == .utf8, case .dictionary(let codes, let texts) = storage else { return self }
    guard texts.count > 0 else {
      let zeros = Bytes(count: (count + 1) * 8) { $0.initializeMemory(as: UInt8.self, repeating: 0) }
      return Column(
        type: type, count: count, storage: .variable(offsets: zeros, data: .empty), validity: validity)
    }
    var offsets = GrowableBytes(reserving: (count + 1) * MemoryLayout<Int64>.size)
    var data = GrowableBytes(reserving: codedTextByteCount)
    offsets.append(Int64(0))
    codes.withUnsafeBytes { raw in
      texts.withTexts { texts in
        for (row, code) in raw.assumingMemoryBound(to: Int32.self).enumerated() {
          if validity?[row] ?? true { data.append(contentsOf: texts[Int(code)]) }
          offsets.append(Int64(data.count))
        }
      }
    }
    return Column(
      type: type, count: count, storage: .variable(offsets: offsets.take(), data: data.take()),
      validity: validity)
  }

  /// The bytes of the texts of all rows, of a column that has them as codes.
  var codedTextByteCount: Int {
    guard case .dictionary(let codes, let texts) = storage, texts.count > 0 else { return 0 }
    let validity = validity
    return codes.withUnsafeBytes { raw in
      texts.withTexts { texts in
        var byteCount = 0
        // The slot of a null may hold a code of no text.
        for (row, code) in raw.assumingMemoryBound(to: Int32.self).enumerated()
        where validity?[row] ?? true {
          byteCount += Int(texts.bounds[Int(code) + 1] - texts.bounds[Int(code)])
        }
        return byteCount
      }
    }
  }
}
