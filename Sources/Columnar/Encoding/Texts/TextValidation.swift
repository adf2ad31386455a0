import SternaBase

/// Whether each value of a variable-width column is valid UTF-8 of its own.
enum TextValidation {
  /// - Precondition: the offsets do not fall and end within `data`.
  static func isValid(offsets: Bytes, data: Bytes) -> Bool {
    offsets.withUnsafeBytes { rawOffsets in
      data.withUnsafeBytes { rawData in
        let bounds = rawOffsets.assumingMemoryBound(to: Int64.self)
        guard let first = bounds.first, let last = bounds.last else { return true }
        return isValid(
          ends: UnsafeBufferPointer(rebasing: bounds[1...]), base: first,
          data: UnsafeRawBufferPointer(rebasing: rawData[Int(first)..<Int(last)]))
      }
    }
  }

  /// - Precondition: `data` are the bytes from `base` to the last end, which do not fall.
  static func isValid(ends: UnsafeBufferPointer<Int64>, base: Int64, data: UnsafeRawBufferPointer) -> Bool {
    if isASCII(data) { return true }
    guard isUTF8(data) else { return false }
    // The whole is valid; the parts are when no boundary falls into a character.
    return ends.allSatisfy { $0 - base == data.count || data[Int($0 - base)] & 0xC0 != 0x80 }
  }

  private static func isASCII(_ text: UnsafeRawBufferPointer) -> Bool {
    var position = 0
    var seen: UInt64 = 0
    while position + 8 <= text.count {
      seen |= text.loadUnaligned(fromByteOffset: position, as: UInt64.self)
      position += 8
    }
    while position < text.count {
      seen |= UInt64(text[position])
      position += 1
    }
    return seen & 0x8080_8080_8080_8080 == 0
  }

  private static func isUTF8(_ text: UnsafeRawBufferPointer) -> Bool {
    let span = Span<UInt8>(_unsafeElements: text.assumingMemoryBound(to: UInt8.self))
    return (try? UTF8Span(validating: span)) != nil
  }
}
