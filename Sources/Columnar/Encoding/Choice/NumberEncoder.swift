/// Chooses an encoding for a run of numbers and writes it.
///
/// Each scheme that makes sense encodes a sample, children and all, and the one that a reader gets
/// soonest wins: stored bytes count as time. (Choosing by sample, level by level, is the idea of
/// BtrBlocks: Kuschewski et al., SIGMOD 2023.) Short runs are their own sample, so their choice is exact.
struct NumberEncoder {
  let options: EncodingOptions
  var schemes: NumberSchemes = .integers
  /// How deep in the tree the numbers stand.
  var depth = 0
  /// Set while a sample is encoded: its pieces are no neighbours.
  var pieceLength: Int?
  /// How a sample of the same numbers was encoded: chosen already.
  var recipe: EncodedNode?
  /// What the numbers may cost, nanoseconds a value, before another way to encode them wins: schemes that
  /// take long to try and stay above need not be tried.
  var costLimit = Double.infinity

  private static let depthMax = 4

  /// Encodes numbers whose slots are `slotWidth` bytes wide.
  func encode(
    _ numbers: UnsafeBufferPointer<Int64>, slotWidth: Int, into target: inout GrowableBytes
  ) -> EncodedNode {
    if let constant = ConstantEncoding.encode(numbers) { return constant }
    if let recipe, let scheme = NumberScheme(recipe, numbers),
      let node = encode(numbers, scheme, recipe, slotWidth: slotWidth, into: &target)
    {
      return node
    }
    // The pieces of a sample are their own sample.
    guard pieceLength == nil, let sample = NumberSample(of: numbers) else {
      return encodeExactly(numbers, slotWidth: slotWidth, into: &target)
    }
    var candidates = candidates(sample, slotWidth: slotWidth)[...]
    while let candidate = candidates.popFirst() {
      let start = target.count
      guard
        let node = encode(numbers, candidate.scheme, candidate.node, slotWidth: slotWidth, into: &target)
      else { continue }
      guard let next = candidates.first, candidate.hasPromisedTooMuch(target.count - start, numbers.count)
      else { return node }
      return smaller(node, from: start, or: next, numbers, slotWidth: slotWidth, in: &target)
    }
    return PlainEncoding.encode(numbers, slotWidth: slotWidth, into: &target)
  }

  /// Nil, and nothing written, when a scheme does not keep what a sample promised: a scheme that fits, and
  /// fewer bytes than plain numbers have.
  private func encode(
    _ numbers: UnsafeBufferPointer<Int64>, _ scheme: NumberScheme, _ recipe: EncodedNode, slotWidth: Int,
    into target: inout GrowableBytes
  ) -> EncodedNode? {
    var encoder = self
    encoder.recipe = recipe
    let start = target.count
    if let node = encoder.apply(scheme, to: numbers, slotWidth: slotWidth, into: &target),
      scheme == .plain || target.count - start <= numbers.count * slotWidth
    {
      return node
    }
    target.truncate(to: start)
    return nil
  }

  func encode(_ numbers: [Int64], slotWidth: Int, into target: inout GrowableBytes) -> EncodedNode {
    numbers.withUnsafeBufferPointer { encode($0, slotWidth: slotWidth, into: &target) }
  }

  /// Replaces what is written from `start` on by the encoding of another candidate if that is smaller.
  private func smaller(
    _ node: EncodedNode, from start: Int, or other: EncodingCandidate,
    _ numbers: UnsafeBufferPointer<Int64>, slotWidth: Int, in target: inout GrowableBytes
  ) -> EncodedNode {
    var attempt = GrowableBytes()
    let otherNode = encode(numbers, other.scheme, other.node, slotWidth: slotWidth, into: &attempt)
    guard let otherNode, attempt.count < target.count - start else { return node }
    target.truncate(to: start)
    target.append(contentsOf: attempt.bytes)
    return otherNode
  }

  /// The schemes that numbers can be encoded with, best first, by a sample where they are many.
  func candidates(for numbers: UnsafeBufferPointer<Int64>, slotWidth: Int) -> [EncodingCandidate] {
    if let sample = NumberSample(of: numbers) { return candidates(sample, slotWidth: slotWidth) }
    var scratch = GrowableBytes()
    return weigh(numbers, ratio: 1, slotWidth: slotWidth, keepsBest: false, in: &scratch)
  }

  /// The schemes that a sample can be encoded with, best first.
  private func candidates(_ sample: NumberSample, slotWidth: Int) -> [EncodingCandidate] {
    var encoder = self
    encoder.pieceLength = NumberSample.pieceLength
    var scratch = GrowableBytes()
    return sample.numbers.withUnsafeBufferPointer {
      encoder.weigh($0, ratio: sample.ratio, slotWidth: slotWidth, keepsBest: false, in: &scratch)
    }
  }

  /// Encodes the child at an index of the node: deeper, and with fewer schemes to choose from.
  func child(_ index: Int, _ schemes: NumberSchemes) -> NumberEncoder {
    var child = self
    child.schemes = depth + 1 < Self.depthMax ? schemes : .leaves
    child.depth = depth + 1
    child.recipe = recipe.flatMap { index < $0.children.count ? $0.children[index] : nil }
    return child
  }

  /// Encodes what is no longer in the order of the rows.
  func unorderedChild(_ index: Int, _ schemes: NumberSchemes) -> NumberEncoder {
    var child = child(index, schemes)
    child.pieceLength = nil
    // Other numbers, of another count.
    child.costLimit = .infinity
    return child
  }
}
