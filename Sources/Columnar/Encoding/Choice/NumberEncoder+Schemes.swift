extension NumberEncoder {
  /// The schemes worth a try, those that are quick to try first.
  func eligible(for sample: UnsafeBufferPointer<Int64>, slotWidth: Int) -> [NumberScheme] {
    var eligible: [NumberScheme] = []
    if schemes.contains(.leaves) { eligible.append(.plain) }
    let scales = schemes.contains(.scaled) && ScaledEncoding.quotients(of: sample) != nil
    let doubles = schemes.contains(.doubles) && slotWidth == 8 ? doubles(sample) : []
    let areDecimals = doubles.contains { if case .decimal = $0 { true } else { false } }
    let areClose =
      !scales && !areDecimals && !schemes.isDisjoint(with: [.delta, .differences])
      && sample.hasCloseNeighbours
    // As integers first: where these are small, the rest need not be tried.
    eligible += doubles
    // With a common divisor, numbers are packed as quotients; the bits of decimals are wider than decimals.
    if !scales, !areDecimals { eligible += packed(areClose: areClose) }
    if schemes.contains(.runs) { eligible.append(.runs) }
    if schemes.contains(.lookup) { eligible.append(.lookup) }
    if schemes.contains(.split), !areDecimals,
      let width = SplitEncoding.lowWidth(for: sample, slotWidth: slotWidth)
    {
      eligible.append(.split(lowWidth: width))
    }
    if scales {
      eligible.append(.scaled)
      if schemes.contains(.differences), sample.startsAndEndsEvenly { eligible.append(.differences) }
    } else {
      eligible += exceptional(sample, areClose: areClose)
    }
    // Integers have fewer planes than the bits of their decimals, and quotients fewer than numbers.
    if options.compressionLevel > 0, !areDecimals {
      if schemes.contains(.planes), !scales { eligible.append(.planes) }
      if schemes.contains(.compressedPlain) { eligible.append(.compressedPlain) }
    }
    return eligible
  }

  /// As integers: decimals, or those of a power of two where these are not clearly wider.
  private func doubles(_ sample: UnsafeBufferPointer<Int64>) -> [NumberScheme] {
    let decimal = DecimalEncoding.exponents(for: sample)
    let dyadic = DyadicEncoding.exponent(for: sample)
    var eligible: [NumberScheme] = []
    if let decimal { eligible.append(.decimal(decimal.exponents)) }
    if let dyadic, dyadic.width <= (decimal?.bitsPerValue ?? 64) + 4 {
      eligible.append(.dyadic(exponent: dyadic.exponent))
    }
    return eligible
  }

  private func packed(areClose: Bool) -> [NumberScheme] {
    var eligible: [NumberScheme] = []
    if schemes.contains(.leaves) { eligible.append(.frameOfReference) }
    if schemes.contains(.delta), areClose { eligible.append(.delta) }
    return eligible
  }

  /// What is packed but for some numbers, or through neighbours that have more in common.
  private func exceptional(_ sample: UnsafeBufferPointer<Int64>, areClose: Bool) -> [NumberScheme] {
    var eligible: [NumberScheme] = []
    if schemes.contains(.patched), let window = PatchedEncoding.window(for: sample) {
      eligible.append(.patched(window))
    }
    if schemes.contains(.differences), areClose { eligible.append(.differences) }
    return eligible
  }

  /// Encodes numbers with a scheme, or returns nil when it does not fit them.
  func apply(
    _ scheme: NumberScheme, to numbers: UnsafeBufferPointer<Int64>, slotWidth: Int,
    into target: inout GrowableBytes
  ) -> EncodedNode? {
    switch scheme {
    case .plain: PlainEncoding.encode(numbers, slotWidth: slotWidth, into: &target)
    case .frameOfReference: FrameOfReferenceEncoding.encode(numbers, into: &target)
    case .delta: DeltaEncoding.encode(numbers, into: &target)
    case .planes: compressed(&target) { PlanesEncoding.encode(numbers, into: &$0) }
    case .compressedPlain:
      compressed(&target) { PlainEncoding.encode(numbers, slotWidth: slotWidth, into: &$0) }
    case .scaled: scaled(numbers, into: &target)
    case .differences: differences(numbers, into: &target)
    case .lookup: lookup(numbers, slotWidth: slotWidth, into: &target)
    case .runs: runs(numbers, slotWidth: slotWidth, into: &target)
    case .patched(let window): patched(numbers, window, slotWidth: slotWidth, into: &target)
    case .split(let width): split(numbers, lowWidth: width, slotWidth: slotWidth, into: &target)
    case .decimal(let exponents): decimal(numbers, exponents, into: &target)
    case .dyadic(let exponent): dyadic(numbers, exponent: exponent, into: &target)
    }
  }

  /// A node whose bytes zstd makes smaller; nil when it does not.
  private func compressed(
    _ target: inout GrowableBytes, _ encode: (inout GrowableBytes) -> EncodedNode
  ) -> EncodedNode? {
    let start = target.count
    let node = encode(&target)
    let compressed = ZstdEncoding.compress(
      node, from: start, level: options.compressionLevel, sampling: false, in: &target)
    return compressed.encoding == .zstd ? compressed : nil
  }

  private func scaled(
    _ numbers: UnsafeBufferPointer<Int64>, into target: inout GrowableBytes
  ) -> EncodedNode? {
    guard let scaled = ScaledEncoding.quotients(of: numbers) else { return nil }
    // What lookups and runs can do is tried on the numbers themselves.
    let quotients = child(0, schemes.subtracting([.scaled, .lookup, .runs])).encode(
      scaled.quotients, slotWidth: 8, into: &target)
    return ScaledEncoding.node(base: numbers[0], divisor: scaled.divisor, quotients: quotients)
  }

  private func differences(
    _ numbers: UnsafeBufferPointer<Int64>, into target: inout GrowableBytes
  ) -> EncodedNode? {
    guard numbers.count > 16 else { return nil }
    let (start, differences) = DifferencesEncoding.differences(of: numbers, pieceLength: pieceLength)
    let node = child(0, [.planes, .leaves, .patched, .runs]).encode(
      differences, slotWidth: 8, into: &target)
    return DifferencesEncoding.node(start: start, differences: node)
  }

  private func lookup(
    _ numbers: UnsafeBufferPointer<Int64>, slotWidth: Int, into target: inout GrowableBytes
  ) -> EncodedNode? {
    guard let (codes, values) = LookupEncoding.codes(of: numbers) else { return nil }
    let codeNode = child(0, .codes).encode(codes, slotWidth: 4, into: &target)
    let valueNode = unorderedChild(1, [.leaves, .delta, .scaled]).encode(
      values, slotWidth: slotWidth, into: &target)
    return LookupEncoding.node(distinctCount: values.count, codes: codeNode, values: valueNode)
  }

  private func runs(
    _ numbers: UnsafeBufferPointer<Int64>, slotWidth: Int, into target: inout GrowableBytes
  ) -> EncodedNode? {
    guard let (lengths, values) = RunsEncoding.runs(of: numbers) else { return nil }
    let lengthNode = unorderedChild(0, .small).encode(lengths, slotWidth: 4, into: &target)
    let valueNode = unorderedChild(1, schemes.subtracting([.runs, .split, .patched])).encode(
      values, slotWidth: slotWidth, into: &target)
    return RunsEncoding.node(runCount: values.count, lengths: lengthNode, values: valueNode)
  }

  private func patched(
    _ numbers: UnsafeBufferPointer<Int64>, _ window: PatchedEncoding.Window, slotWidth: Int,
    into target: inout GrowableBytes
  ) -> EncodedNode? {
    guard let parts = PatchedEncoding.parts(of: numbers, window: window), !parts.rows.isEmpty else {
      return nil
    }
    let node = child(0, .small).encode(parts.numbers, slotWidth: slotWidth, into: &target)
    return PatchedEncoding.node(
      exceptionCount: parts.rows.count,
      children: [node] + exceptions(parts, slotWidth: slotWidth, into: &target))
  }

  /// Rows and values of exceptions.
  private func exceptions(
    _ parts: PatchedEncoding.Parts, slotWidth: Int, into target: inout GrowableBytes
  ) -> [EncodedNode] {
    let schemes: NumberSchemes = [.leaves, .delta, .planes]
    return [
      unorderedChild(1, schemes).encode(parts.rows, slotWidth: 8, into: &target),
      unorderedChild(2, schemes).encode(parts.exceptions, slotWidth: slotWidth, into: &target),
    ]
  }

  private func split(
    _ numbers: UnsafeBufferPointer<Int64>, lowWidth: Int, slotWidth: Int, into target: inout GrowableBytes
  ) -> EncodedNode? {
    guard SplitEncoding.isAllowed(lowWidth: lowWidth, of: slotWidth * 8) else { return nil }
    let (high, low) = SplitEncoding.parts(of: numbers, lowWidth: lowWidth, slotWidth: slotWidth)
    let highNode = child(0, [.leaves, .lookup, .planes]).encode(high, slotWidth: 4, into: &target)
    let lowNode = child(1, .leaves).encode(low, slotWidth: slotWidth, into: &target)
    return SplitEncoding.node(lowWidth: lowWidth, high: highNode, low: lowNode)
  }

  private func decimal(
    _ numbers: UnsafeBufferPointer<Int64>, _ exponents: DecimalEncoding.Exponents,
    into target: inout GrowableBytes
  ) -> EncodedNode? {
    let parts = DecimalEncoding.encode(numbers, exponents)
    guard parts.rows.count * 2 <= numbers.count else { return nil }
    let integers = child(0, .integers).encode(parts.numbers, slotWidth: 8, into: &target)
    return DecimalEncoding.node(
      exponents, exceptionCount: parts.rows.count,
      children: [integers] + exceptions(parts, slotWidth: 8, into: &target))
  }

  private func dyadic(
    _ numbers: UnsafeBufferPointer<Int64>, exponent: Int, into target: inout GrowableBytes
  ) -> EncodedNode? {
    guard let parts = DyadicEncoding.parts(of: numbers, exponent: exponent) else { return nil }
    var encoder = self
    if let recipe, recipe.encoding == .patched { encoder.recipe = recipe.children[0] }
    let integers = encoder.child(0, .integers).encode(parts.numbers, slotWidth: 8, into: &target)
    let node = DyadicEncoding.node(exponent: exponent, integers: integers)
    guard !parts.rows.isEmpty else { return node }
    return PatchedEncoding.node(
      exceptionCount: parts.rows.count,
      children: [node] + exceptions(parts, slotWidth: 8, into: &target))
  }
}
