/// A scheme and what it would cost, by a sample.
struct EncodingCandidate {
  let scheme: NumberScheme
  /// The sample's tree: how the whole will be encoded unless its other rows are different.
  let node: EncodedNode
  let bitsPerValue: Double
  let nanosecondsPerValue: Double
  /// Nanoseconds a value that a reader waits, for bytes and for decoding.
  let cost: Double

  /// - Parameters:
  ///   - count: how many numbers the node has.
  ///   - ratio: how many numbers of the whole each of them stands for.
  init(
    _ scheme: NumberScheme, _ node: EncodedNode, count: Int, ratio: Double, _ options: EncodingOptions
  ) {
    let wholeCount = Double(max(1, count)) * ratio
    let byteCount = Self.byteCount(node, ratio: ratio) + Double(node.descriptorByteCount)
    self.scheme = scheme
    self.node = node
    bitsPerValue = byteCount * 8 / wholeCount
    nanosecondsPerValue = DecodeCost.nanoseconds(node, count: count) / Double(max(1, count))
    cost = byteCount / wholeCount * options.nanosecondsPerByte + nanosecondsPerValue
  }

  /// Whether the whole became much larger than the sample let expect: the sample was no good one.
  func hasPromisedTooMuch(_ byteCount: Int, _ count: Int) -> Bool {
    Double(byteCount) > bitsPerValue * Double(count) / 8 * 1.3 + 128
  }

  /// The bytes of the whole: `ratio` times the sample's, but few distinct values do not become as many
  /// more.
  private static func byteCount(_ node: EncodedNode, ratio: Double) -> Double {
    switch node.encoding {
    case .lookup:
      byteCount(node.children[0], ratio: ratio) + byteCount(node.children[1], ratio: min(ratio, 2))
    case .zstd: Double(node.byteCount) * ratio
    default: node.children.reduce(Double(node.byteCount) * ratio) { $0 + byteCount($1, ratio: ratio) }
    }
  }
}
