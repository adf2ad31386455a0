extension NumberEncoder {
  /// Encodes numbers with every scheme that makes sense and says what each would cost, best first. A scheme
  /// that a first look shows to be hopeless is left out.
  ///
  /// - Parameters:
  ///   - ratio: how many numbers of the whole each of these stands for.
  ///   - keepsBest: whether the best one's bytes are left in `target`; nothing is otherwise.
  func weigh(
    _ numbers: UnsafeBufferPointer<Int64>, ratio: Double, slotWidth: Int, keepsBest: Bool,
    in target: inout GrowableBytes
  ) -> [EncodingCandidate] {
    var encoder = self
    encoder.recipe = nil
    var candidates: [EncodingCandidate] = []
    var best: Double?
    let start = target.count
    for scheme in eligible(for: numbers, slotWidth: slotWidth) {
      if let best, encoder.isHopeless(scheme, numbers, slotWidth: slotWidth, against: best) { continue }
      let attempt = target.count
      guard let node = encoder.apply(scheme, to: numbers, slotWidth: slotWidth, into: &target) else {
        target.truncate(to: attempt)
        continue
      }
      let candidate = EncodingCandidate(scheme, node, count: numbers.count, ratio: ratio, options)
      candidates.append(candidate)
      if keepsBest, best.map({ candidate.cost < $0 }) ?? true {
        target.remove(start..<attempt)
      } else {
        target.truncate(to: attempt)
      }
      best = min(candidate.cost, best ?? candidate.cost)
    }
    return candidates.sorted { $0.cost < $1.cost }
  }

  /// Encodes numbers that are few enough to try everything on all of them.
  func encodeExactly(
    _ numbers: UnsafeBufferPointer<Int64>, slotWidth: Int, into target: inout GrowableBytes
  ) -> EncodedNode {
    let start = target.count
    let candidates = weigh(numbers, ratio: 1, slotWidth: slotWidth, keepsBest: true, in: &target)
    if let best = candidates.first,
      best.scheme == .plain || target.count - start <= numbers.count * slotWidth
    {
      return best.node
    }
    target.truncate(to: start)
    return PlainEncoding.encode(numbers, slotWidth: slotWidth, into: &target)
  }

  /// What a scheme would save is guessed from a vector where the scheme takes long to try.
  private func isHopeless(
    _ scheme: NumberScheme, _ numbers: UnsafeBufferPointer<Int64>, slotWidth: Int, against best: Double
  ) -> Bool {
    switch scheme {
    case .planes, .compressedPlain:
      guard numbers.count > 2 * NumberSample.pieceLength else { return false }
      var pilot = GrowableBytes()
      let vector = UnsafeBufferPointer(rebasing: numbers[..<NumberSample.pieceLength])
      guard let node = apply(scheme, to: vector, slotWidth: slotWidth, into: &pilot) else { return true }
      // zstd needs a while to get going: more bytes may come out half as large.
      return Double(node.byteCount) / Double(vector.count) * options.nanosecondsPerByte / 2 > best
    case .patched(let window):
      return Double(window.width) / 8 * options.nanosecondsPerByte * 3 / 4 > best
    default: return false
    }
  }
}

extension GrowableBytes {
  /// Takes bytes out of the middle; what follows moves down.
  fileprivate mutating func remove(_ range: Range<Int>) {
    guard !range.isEmpty else { return }
    let rest = UnsafeRawBufferPointer(rebasing: bytes[range.upperBound...])
    UnsafeMutableRawBufferPointer(rebasing: mutableBytes[range.lowerBound...]).copyMemory(from: rest)
    truncate(to: count - range.count)
  }
}
