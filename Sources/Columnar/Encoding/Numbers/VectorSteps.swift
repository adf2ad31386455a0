import CKernels

/// What encodings around another one do to its numbers: each vector takes all steps as soon as it is
/// decoded, while it is in the processor's nearest cache, instead of all numbers one step after the other.
///
///     decimal(scaled(for))     unpack vector 0, scale, divide │ unpack vector 1, scale, divide │ ...
///
/// (Values, not closures: the compiler would make a decoder for each combination of them.)
struct VectorSteps<Word: SlotWord> {
  enum Step {
    case scaled(ScaledEncoding.Line<Word>)
    /// Running sums; with the sum so far.
    case summed(Word)
    case decimals(up: Double, down: Double)
    case dyadics(Double)
    /// High parts of the numbers of this and all later vectors.
    case joined(UnsafeBufferPointer<UInt32>, shift: UInt64)
    case lookedUp([Word])
  }

  /// The innermost last: it is the first to be taken.
  private var steps: [Step]
  /// Whether all numbers that were looked up were codes of values.
  private(set) var areCodesValid = true

  init() { steps = [] }

  init(_ step: Step) { steps = [step] }

  /// Adds a step that is taken before those that are there.
  mutating func append(_ step: Step) { steps.append(step) }

  /// - Precondition: vectors come in the order of the rows; of several at once, each but the last is whole.
  mutating func apply(to slots: UnsafeMutableBufferPointer<Word>) {
    guard !steps.isEmpty else { return }
    for vector in slots.vectors {
      for index in steps.indices.reversed() {
        areCodesValid = steps[index].apply(to: vector) && areCodesValid
      }
    }
  }
}

extension VectorSteps.Step {
  /// - Returns: false when the vector has codes of no value.
  fileprivate mutating func apply(to vector: UnsafeMutableBufferPointer<Word>) -> Bool {
    switch self {
    case .scaled(let line): line.apply(to: vector)
    case .summed(let sum): self = .summed(PrefixSum.apply(to: vector, start: sum))
    case .decimals(let up, let down):
      if let integers = vector.words64 { sterna_decimals(integers, vector.count, up, down) }
    case .dyadics(let factor):
      if let integers = vector.words64 { sterna_dyadics(integers, vector.count, factor) }
    case .joined(let high, let shift):
      SplitEncoding.join(UnsafeBufferPointer(rebasing: high[..<vector.count]), with: vector, shift: shift)
      self = .joined(UnsafeBufferPointer(rebasing: high[vector.count...]), shift: shift)
    case .lookedUp(let values):
      return values.withUnsafeBufferPointer { LookupEncoding.replaceCodes(in: vector, by: $0) }
    }
    return true
  }
}
