/// A few thousand numbers that stand for many: pieces of whole vectors, evenly spread, so that neighbours
/// stay neighbours.
///
///     numbers   [1024] ... [1024] ... [1024] ... [1024]     pieces end to end
struct NumberSample {
  /// A sixteenth of the numbers, within these bounds.
  private static let pieceCounts = 4...8
  static let pieceLength = BitPacking.vectorCount

  let numbers: [Int64]
  /// How many numbers each number of the sample stands for.
  let ratio: Double

  /// Nil for numbers that are so few that all of them can be tried.
  init?(of whole: UnsafeBufferPointer<Int64>) {
    let share = whole.count / 16 / Self.pieceLength
    let pieceCount = min(max(share, Self.pieceCounts.lowerBound), Self.pieceCounts.upperBound)
    let wanted = pieceCount * Self.pieceLength
    guard whole.count > wanted + wanted / 2 else { return nil }
    let spacing = (whole.count - Self.pieceLength) / (pieceCount - 1)
    numbers = [Int64](unsafeUninitializedCapacity: wanted) { target, count in
      for piece in 0..<pieceCount {
        let start = piece * spacing
        _ = UnsafeMutableBufferPointer(rebasing: target[(piece * Self.pieceLength)...])
          .update(fromContentsOf: whole[start..<(start + Self.pieceLength)])
      }
      count = wanted
    }
    ratio = Double(whole.count) / Double(wanted)
  }
}

extension UnsafeBufferPointer<Int64> {
  /// Whether the first and the last neighbours are as far apart as the second ones: perhaps all are.
  var startsAndEndsEvenly: Bool {
    guard count > 2 else { return false }
    let step = self[1] &- self[0]
    return self[2] &- self[1] == step && self[count - 1] &- self[count - 2] == step
  }

  /// Whether neighbours are so close to each other that their differences have fewer bits than the numbers'
  /// distances from the smallest, on average.
  var hasCloseNeighbours: Bool {
    guard count > 1 else { return false }
    let smallest = bounds.smallest
    var saved = 0
    for index in 1..<count {
      let difference = self[index] &- self[index - 1]
      saved += BitPacking.width(of: UInt64(bitPattern: self[index] &- smallest))
      saved -= BitPacking.width(of: difference.magnitude)
    }
    return saved > count / 2
  }
}
