import SternaBase

extension Column: Equatable {
  /// Bit for bit: NaN payloads and the sign of zero count, the slot of a null does not. Dictionaries are
  /// equal when their texts are, whatever their codes.
  public static func == (left: Column, right: Column) -> Bool {
    guard left.type == right.type, left.count == right.count, left.nullsEqual(right) else { return false }
    switch (left.storage, right.storage) {
    case (.fixedWidth(let leftValues), .fixedWidth(let rightValues)):
      return leftValues == rightValues || left.slotsEqual(leftValues, rightValues)
    case (.bits(let leftBits), .bits(let rightBits)):
      if left.validity == nil { return leftBits == rightBits }
      return (0..<left.count).allSatisfy { left.isNull(at: $0) || leftBits[$0] == rightBits[$0] }
    default:
      return (0..<left.count).allSatisfy { row in
        left.withBytes(at: row) { leftValue in
          right.withBytes(at: row) { leftValue.elementsEqual($0) } ?? false
        } ?? true
      }
    }
  }

  private func nullsEqual(_ other: Column) -> Bool {
    switch (validity, other.validity) {
    case (nil, nil): true
    case (let left?, let right?): left == right
    case (let some?, nil), (nil, let some?): some.setCount == count
    }
  }

  /// Compares the slots of the rows that are not null.
  private func slotsEqual(_ left: Bytes, _ right: Bytes) -> Bool {
    guard validity != nil, let width = type.byteWidth else { return false }
    return left.withUnsafeBytes { left in
      right.withUnsafeBytes { right in
        (0..<count).allSatisfy { row in
          isNull(at: row)
            || left[(row * width)..<((row + 1) * width)]
              .elementsEqual(right[(row * width)..<((row + 1) * width)])
        }
      }
    }
  }
}
