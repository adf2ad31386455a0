import SternaBase

extension DictionaryEncoding {
  /// Codes by row (a null repeats the one before it) and the texts by code, in order of appearance.
  struct Parts {
    var codes: [Int64]
    var texts: Column
  }

  static func encode(_ parts: Parts, _ options: EncodingOptions, into target: inout GrowableBytes)
    -> EncodedNode
  {
    let codes = NumberEncoder(options: options).encode(parts.codes, slotWidth: 4, into: &target)
    let texts = VariableEncoding.encode(parts.texts, options, into: &target)
    return EncodedNode(.dictionary, parameters: [UInt64(parts.texts.count)], children: [codes, texts])
  }

  /// Rows after which it shows whether texts repeat.
  private static let trialCount = 8_192

  /// The parts of a utf8 column, or nil when more than every other text is new.
  static func worthwhileParts(of column: Column) -> Parts? {
    guard column.count >= 16 else { return nil }
    if case .dictionary(let codes, let texts) = column.storage {
      return parts(
        codes: codes, texts: texts, validity: column.validity, count: column.count, onlyWorthwhile: true)
    }
    return column.withTexts { texts in
      numbered(count: texts.count, column.validity, onlyWorthwhile: true) { interner, row in
        interner.code(for: texts[row])
      }
    }
  }

  /// The parts of a column that has codes: only the texts that its rows use, each once; nil when they are
  /// not worthwhile, if that is asked for.
  static func parts(
    codes: Bytes, texts: Column, validity: Bitmap?, count: Int, onlyWorthwhile: Bool = false
  ) -> Parts? {
    var newCodes = [Int32](repeating: -1, count: texts.count)
    return codes.withUnsafeBytes { raw in
      texts.withTexts { texts in
        newCodes.withUnsafeMutableBufferPointer { newCodes in
          let oldCodes = raw.assumingMemoryBound(to: Int32.self)
          return numbered(count: count, validity, onlyWorthwhile: onlyWorthwhile) { interner, row in
            let old = Int(oldCodes[row])
            if newCodes[old] < 0 { newCodes[old] = interner.code(for: texts[old]) }
            return newCodes[old]
          }
        }
      }
    }
  }

  @inline(__always)
  private static func numbered(
    count rowCount: Int, _ validity: Bitmap?, onlyWorthwhile: Bool,
    _ code: (inout TextInterner, _ row: Int) -> Int32
  ) -> Parts? {
    var interner = TextInterner()
    var isWorthwhile = true
    let codes = [Int64](unsafeUninitializedCapacity: rowCount) { codes, count in
      var last: Int64 = 0
      for row in 0..<rowCount {
        if validity?[row] ?? true { last = Int64(code(&interner, row)) }
        codes[row] = last
        if row == trialCount, onlyWorthwhile, interner.count * 4 > 3 * row {
          isWorthwhile = false
          return
        }
      }
      count = rowCount
      isWorthwhile = !onlyWorthwhile || interner.count * 2 <= rowCount
    }
    return isWorthwhile ? Parts(codes: codes, texts: interner.take()) : nil
  }
}
