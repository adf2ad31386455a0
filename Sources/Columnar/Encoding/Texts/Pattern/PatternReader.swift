/// Reads the numbers out of texts of one pattern: what `PatternWriter` writes.
struct PatternReader {
  /// A part as plain numbers, so that the loop over rows counts no references.
  private struct Step {
    enum Kind { case literal, number, digits }

    let kind: Kind
    var width = 0
    var base: UInt64 = 0
    /// Where the literal begins in `bytes`, or the table that gives the digit of each byte (255 for none).
    var start = 0
  }

  private var steps: [Step] = []
  private var bytes: [UInt8] = []
  private let fieldCount: Int

  init(_ pattern: TextPattern) {
    fieldCount = pattern.fieldCount
    for part in pattern.parts {
      let start = bytes.count
      switch part {
      case .literal(let literal):
        bytes += literal
        steps.append(Step(kind: .literal, width: literal.count, start: start))
      case .number: steps.append(Step(kind: .number))
      case .digits(let width, let alphabet):
        bytes += [UInt8](repeating: 255, count: 256)
        for (digit, byte) in alphabet.enumerated() { bytes[start + Int(byte)] = UInt8(digit) }
        steps.append(Step(kind: .digits, width: width, base: UInt64(alphabet.count), start: start))
      }
    }
  }

  /// The numbers of all texts, one field behind the other (those of a null repeat their predecessors), or
  /// nil when a text does not have this shape.
  func numbers(in texts: TextSlots, isPresent: (Int) -> Bool) -> [Int64]? {
    let rowCount = texts.count
    var fits = true
    let numbers = [Int64](unsafeUninitializedCapacity: fieldCount * rowCount) { numbers, count in
      steps.withUnsafeBufferPointer { steps in
        bytes.withUnsafeBufferPointer { bytes in
          for row in 0..<rowCount {
            if isPresent(row) {
              fits = Self.read(texts[row], steps, bytes, into: numbers, row: row, rowCount: rowCount)
              guard fits else { return }
            } else {
              for field in 0..<fieldCount {
                numbers[field * rowCount + row] = row > 0 ? numbers[field * rowCount + row - 1] : 0
              }
            }
          }
        }
      }
      count = fits ? fieldCount * rowCount : 0
    }
    return fits ? numbers : nil
  }

  @inline(__always)
  private static func read(
    _ text: UnsafeRawBufferPointer, _ steps: UnsafeBufferPointer<Step>, _ bytes: UnsafeBufferPointer<UInt8>,
    into numbers: UnsafeMutableBufferPointer<Int64>, row: Int, rowCount: Int
  ) -> Bool {
    var place = 0
    var target = row
    for step in steps {
      guard text.count - place >= step.width else { return false }
      var number: UInt64 = 0
      let start = place
      switch step.kind {
      case .literal:
        for index in 0..<step.width where text[place + index] != bytes[step.start + index] { return false }
        place += step.width
        continue
      case .number:
        while place < text.count, TextPattern.isDigit(text[place]),
          place - start < TextPattern.numberWidthMax
        {
          number = number &* 10 &+ UInt64(text[place] &- 0x30)
          place += 1
        }
        guard place - start == 1 || (place > start && text[start] != 0x30) else { return false }
      case .digits:
        while place < start + step.width {
          let digit = UInt64(bytes[step.start + Int(text[place])])
          // An alphabet of 256 digits has them all.
          guard digit < step.base else { return false }
          number = number &* step.base &+ digit
          place += 1
        }
      }
      numbers[target] = Int64(bitPattern: number)
      target += rowCount
    }
    return place == text.count
  }
}
