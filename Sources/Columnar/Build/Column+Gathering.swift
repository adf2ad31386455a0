import SternaBase

extension Column {
  /// The given rows, in the order given; a row may come more than once.
  /// - Precondition: every row is within the column.
  package func gathering(_ rows: [Int]) -> Column {
    precondition(rows.allSatisfy { $0 >= 0 && $0 < count }, "row out of bounds")
    return Column(
      type: type, count: rows.count, storage: storage.gathering(rows, of: type),
      validity: validity?.gathering(rows))
  }
}

extension Bitmap {
  fileprivate func gathering(_ rows: [Int]) -> Bitmap {
    var bits = BitmapBuilder(reserving: rows.count)
    for row in rows { bits.append(self[row]) }
    return bits.take()
  }
}

extension ColumnStorage {
  fileprivate func gathering(_ rows: [Int], of type: DataType) -> ColumnStorage {
    switch self {
    case .fixedWidth(let values): .fixedWidth(Self.slots(values, rows, width: type.byteWidth ?? 0))
    case .bits(let bits): .bits(bits.gathering(rows))
    case .variable(let offsets, let data): Self.variable(offsets, data, rows)
    case .dictionary(let codes, let values):
      .dictionary(codes: Self.slots(codes, rows, width: 4), values: values)
    }
  }

  private static func slots(_ values: Bytes, _ rows: [Int], width: Int) -> Bytes {
    func gathered<Slot: BitwiseCopyable>(_ slot: Slot.Type) -> Bytes {
      values.withUnsafeBytes { raw in
        let source = raw.assumingMemoryBound(to: Slot.self)
        return Bytes(count: rows.count * width) { out in
          let target = out.assumingMemoryBound(to: Slot.self)
          for (position, row) in rows.enumerated() { target[position] = source[row] }
        }
      }
    }
    switch width {
    case 1: return gathered(UInt8.self)
    case 2: return gathered(UInt16.self)
    case 4: return gathered(UInt32.self)
    case 8: return gathered(UInt64.self)
    default: preconditionFailure("slots of \(width) bytes")
    }
  }

  private static func variable(_ offsets: Bytes, _ data: Bytes, _ rows: [Int]) -> ColumnStorage {
    var bounds = GrowableBytes(reserving: (rows.count + 1) * 8)
    var texts = GrowableBytes()
    bounds.append(Int64(0))
    offsets.withUnsafeBytes { raw in
      let source = raw.assumingMemoryBound(to: Int64.self)
      for row in rows {
        texts.append(contentsOf: data[Int(source[row])..<Int(source[row + 1])])
        bounds.append(Int64(texts.count))
      }
    }
    return .variable(offsets: bounds.take(), data: texts.take())
  }
}
