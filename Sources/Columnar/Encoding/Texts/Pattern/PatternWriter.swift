import CKernels

/// Writes texts of one pattern, one behind the other.
///
/// Bytes are stored 8 or 16 at a time, over what follows: that is written later. Where less than that is
/// left of the target they are stored one by one.
struct PatternWriter {
  /// A part as plain numbers, so that the loop over rows counts no references.
  fileprivate struct Step {
    enum Kind { case literal, number, decimals, hexadecimals, digits }

    let kind: Kind
    var field = 0
    var width = 0
    /// Where the literal or the alphabet begins in `bytes`.
    var start = 0
    /// How many digits the alphabet has; for hexadecimals how far "a" is behind the byte after "9".
    var base = 0
  }

  private var steps: [Step] = []
  /// Literals and alphabets, and 16 bytes more.
  private var bytes: [UInt8] = []
  private let minimumByteCount: Int
  /// For all rows but the last ones, where the pattern is simple.
  private let quick: SingleNumberWriter?

  init(_ pattern: TextPattern) {
    minimumByteCount = pattern.minimumByteCount
    quick = SingleNumberWriter(pattern)
    var field = 0
    for part in pattern.parts {
      let start = bytes.count
      switch part {
      case .literal(let literal):
        bytes += literal
        steps.append(Step(kind: .literal, width: literal.count, start: start))
        continue
      case .number: steps.append(Step(kind: .number, field: field))
      case .digits(let width, TextPattern.decimalDigits):
        steps.append(Step(kind: .decimals, field: field, width: width))
      case .digits(let width, let alphabet):
        bytes += alphabet
        let isHexadecimal = [TextPattern.hexDigits, TextPattern.upperHexDigits].contains(alphabet)
        steps.append(
          Step(
            kind: isHexadecimal ? .hexadecimals : .digits, field: field, width: width, start: start,
            base: isHexadecimal ? Int(alphabet[10]) - 0x3A : alphabet.count))
      }
      field += 1
    }
    bytes += [UInt8](repeating: 0, count: 16)
  }

  /// The bytes of all texts: at most 2^27 of some 700 bytes.
  func byteCount(of fields: [PatternField], count: Int) -> Int {
    var total = count * minimumByteCount
    for step in steps where step.kind == .number {
      total += fields[step.field].withNumbers { sterna_decimal_digits($0.baseAddress, $0.count) }
    }
    return total
  }

  /// - Precondition: `target` has room for what `byteCount` says of the same fields.
  func write(_ fields: [PatternField], to target: TextTarget) {
    guard var output = Output(target.data) else { return }
    // Row after row: field f of row r is at r * fields + f.
    let fieldCount = fields.count
    let rowCount = target.ends.count
    let numbers = fieldCount == 1 ? fields[0] : PatternField(interleaving: fields, rowCount: rowCount)
    numbers.withNumbers { numbers in
      let (quickRowCount, byteCount) = quick?.write(numbers, to: target) ?? (0, 0)
      output.skip(byteCount)
      steps.withUnsafeBufferPointer { steps in
        bytes.withUnsafeBytes { bytes in
          for row in quickRowCount..<rowCount {
            for step in steps {
              output.append(step, numbers[row * fieldCount + step.field], bytes)
            }
            target.ends[row] = target.base &+ Int64(output.count)
          }
        }
      }
    }
  }
}

/// Where the next bytes go; nothing is stored behind the end.
private struct Output {
  private let start: UnsafeMutableRawPointer
  private var place: UnsafeMutableRawPointer
  private let end: UnsafeMutableRawPointer

  init?(_ target: UnsafeMutableRawBufferPointer) {
    guard let start = target.baseAddress else { return nil }
    self.start = start
    place = start
    end = start + target.count
  }

  /// How many bytes there are.
  @inline(__always)
  var count: Int { place - start }

  /// Bytes that are there already.
  mutating func skip(_ byteCount: Int) { place += byteCount }

  /// - Parameter bytes: the literals and alphabets of the steps.
  @inline(__always)
  mutating func append(_ step: PatternWriter.Step, _ number: UInt64, _ bytes: UnsafeRawBufferPointer) {
    switch step.kind {
    case .literal: append(bytes, from: step.start, count: step.width)
    case .number: append(decimal: number, width: DigitWords.decimalCount(of: number))
    case .decimals: append(decimal: number, width: step.width)
    case .hexadecimals: append(hexadecimal: number, width: step.width, letterGap: UInt64(step.base))
    case .digits:
      append(number, width: step.width, alphabet: bytes, from: step.start, base: UInt64(step.base))
    }
  }

  /// - Precondition: 16 bytes can be read from `start` on.
  @inline(__always)
  mutating func append(_ source: UnsafeRawBufferPointer, from start: Int, count: Int) {
    if count <= 16, end - place >= 16 {
      let bytes = source.loadUnaligned(fromByteOffset: start, as: SIMD16<UInt8>.self)
      place.storeBytes(of: bytes, as: SIMD16<UInt8>.self)
      place += count
    } else {
      for index in 0..<count { append(source[start + index]) }
    }
  }

  @inline(__always)
  private mutating func append(_ byte: UInt8) {
    guard place < end else { return }
    place.storeBytes(of: byte, as: UInt8.self)
    place += 1
  }

  @inline(__always)
  mutating func append(decimal number: UInt64, width: Int) {
    guard width > 8 else {
      append(DigitWords.decimal(number % 100_000_000), last: width)
      return
    }
    let upper = number / 100_000_000
    if width > 16 { append(DigitWords.decimal(upper / 100_000_000 % 100_000_000), last: width - 16) }
    append(DigitWords.decimal(upper % 100_000_000), last: min(width - 8, 8))
    append(DigitWords.decimal(number % 100_000_000), last: 8)
  }

  /// The last `count` of eight bytes, the first of which is in the lowest bits.
  @inline(__always)
  private mutating func append(_ eight: UInt64, last count: Int) {
    let bytes = count > 0 ? eight &>> UInt64(truncatingIfNeeded: (8 - count) * 8) : 0
    if end - place >= 8 {
      place.storeBytes(of: bytes.littleEndian, as: UInt64.self)
      place += count
    } else {
      for index in 0..<max(count, 0) { append(UInt8(truncatingIfNeeded: bytes >> UInt64(index * 8))) }
    }
  }

  @inline(__always)
  mutating func append(hexadecimal number: UInt64, width: Int, letterGap: UInt64) {
    if width > 8 { append(DigitWords.hexadecimal(number >> 32, letterGap: letterGap), last: width - 8) }
    append(DigitWords.hexadecimal(number & 0xFFFF_FFFF, letterGap: letterGap), last: min(width, 8))
  }

  @inline(__always)
  mutating func append(
    _ number: UInt64, width: Int, alphabet: UnsafeRawBufferPointer, from start: Int, base: UInt64
  ) {
    guard end - place >= width else { return }
    var rest = number
    for index in stride(from: width - 1, through: 0, by: -1) {
      let (quotient, digit) = rest.quotientAndRemainder(dividingBy: base)
      place.storeBytes(of: alphabet[start + Int(digit)], toByteOffset: index, as: UInt8.self)
      rest = quotient
    }
    place += width
  }
}
