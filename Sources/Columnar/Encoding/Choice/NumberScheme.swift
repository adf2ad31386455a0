/// A way to encode a run of numbers: the root of an encoding tree with what was found out about the sample.
/// The children's schemes are chosen when they are encoded.
enum NumberScheme: Hashable {
  case plain
  case compressedPlain
  case frameOfReference
  case delta
  case planes
  case scaled
  case lookup
  case runs
  case differences
  case patched(PatchedEncoding.Window)
  case split(lowWidth: Int)
  case decimal(DecimalEncoding.Exponents)
  case dyadic(exponent: Int)
}

extension NumberScheme {
  /// The scheme that gave a node of a sample, for the numbers that the sample was taken of; nil for a
  /// constant, which needs no choice.
  init?(_ recipe: EncodedNode, _ numbers: UnsafeBufferPointer<Int64>) {
    switch recipe.encoding {
    case .plain: self = .plain
    case .frameOfReference: self = .frameOfReference
    case .delta: self = .delta
    case .scaled: self = .scaled
    case .lookup: self = .lookup
    case .runs: self = .runs
    case .differences: self = .differences
    case .zstd: self = recipe.children[0].encoding == .planes ? .planes : .compressedPlain
    case .split: self = .split(lowWidth: Int(recipe.parameters[0]))
    case .decimal: self = .decimal(.init(e: Int(recipe.parameters[0]), f: Int(recipe.parameters[1])))
    case .dyadic: self = .dyadic(exponent: Int(recipe.parameters[0]))
    case .patched where recipe.children[0].encoding == .dyadic:
      self = .dyadic(exponent: Int(recipe.children[0].parameters[0]))
    case .patched:
      let window = NumberSample(of: numbers).map { sample in
        sample.numbers.withUnsafeBufferPointer { PatchedEncoding.window(for: $0) }
      }
      guard let window = window ?? PatchedEncoding.window(for: numbers) else { return nil }
      self = .patched(window)
    case .constant, .bitmap, .variable, .dictionary, .nullable, .planes, .pattern: return nil
    }
  }
}

/// The schemes that make sense at a place of the tree.
struct NumberSchemes: OptionSet {
  let rawValue: Int

  static let leaves = NumberSchemes(rawValue: 1 << 0)  // plain, frame of reference
  static let delta = NumberSchemes(rawValue: 1 << 1)
  static let planes = NumberSchemes(rawValue: 1 << 2)
  static let scaled = NumberSchemes(rawValue: 1 << 3)
  static let lookup = NumberSchemes(rawValue: 1 << 4)
  static let runs = NumberSchemes(rawValue: 1 << 5)
  static let differences = NumberSchemes(rawValue: 1 << 6)
  static let patched = NumberSchemes(rawValue: 1 << 7)
  static let split = NumberSchemes(rawValue: 1 << 8)
  static let doubles = NumberSchemes(rawValue: 1 << 9)  // decimal, dyadic
  static let compressedPlain = NumberSchemes(rawValue: 1 << 10)

  static let integers: NumberSchemes = [
    .leaves, .delta, .planes, .scaled, .lookup, .runs, .differences, .patched,
  ]
  /// The bits of floats: neighbours differ by too much for differences.
  static let floatBits: NumberSchemes = [
    .leaves, .planes, .lookup, .runs, .split, .compressedPlain, .delta,
  ]
  static let doubleBits: NumberSchemes = floatBits.union(.doubles)
  /// The codes of a lookup: small numbers without order, in runs only if the numbers are.
  static let codes: NumberSchemes = [.leaves, .planes, .patched]
  static let small: NumberSchemes = [.leaves, .planes]
}
