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
      if candidates.contains(where: { $0.outdoes(scheme) }) { continue }
      let limit = min(best ?? .infinity, costLimit)
      if encoder.isHopeless(scheme, numbers, slotWidth: slotWidth, against: limit) { continue }
      encoder.costLimit = limit
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
      guard numbers.count > 2 * NumberSample.pieceLength else {
        return numbers.lowBytesBitCount / 8 * options.nanosecondsPerByte / 2 > best
      }
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

extension EncodingCandidate {
  /// Whether another scheme for the same doubles cannot be better: what lookups and runs can do was tried
  /// on the integers that stand for the doubles, whose distinct values are smaller, and lost.
  fileprivate func outdoes(_ other: NumberScheme) -> Bool {
    guard other == .lookup || other == .runs, node.encoding == .decimal, node.parameters[2] == 0 else {
      return false
    }
    let integers = node.children[0].encoding
    return integers != .lookup && integers != .runs
  }
}

extension UnsafeBufferPointer<Int64> {
  /// At most how many bits a number the frequencies of the lowest bytes leave, whatever codes them: the
  /// entropy of second order (Renyi), which is never above Shannon's. Repeated stretches can need less.
  fileprivate var lowBytesBitCount: Double {
    guard count > 0 else { return 0 }
    return withUnsafeTemporaryAllocation(of: Int32.self, capacity: 256) { counts in
      counts.initialize(repeating: 0)
      let smallest = bounds.smallest
      for number in self { counts[Int(UInt8(truncatingIfNeeded: number &- smallest))] &+= 1 }
      var pairCount = 0
      for repeats in counts { pairCount &+= Int(repeats) &* Int(repeats) }
      return 2 * Double(count).bitCount - Double(pairCount).bitCount
    }
  }
}

extension Double {
  /// The logarithm to base 2, but for 0.09: the same on every machine, as what is chosen by it must be.
  fileprivate var bitCount: Double { Double(exponent) + significand - 1 }
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
