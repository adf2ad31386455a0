import CKernels

/// Distinct texts of at most 64 bytes, each in as much room of its own: a row's text is copied by one load
/// and one store, whatever its length.
struct ShortTexts {
  private static let rooms = [16, 32, 64]
  /// What all rooms may take; more would leave the processor's caches.
  private static let byteCountMax = 1 << 20

  private let room: Int
  private var bytes: [UInt8]
  private var lengths: [UInt8]

  /// Nil when a text is longer, or when there are too many.
  init?(_ texts: TextSlots) {
    var longest: Int64 = 0
    for number in 0..<texts.count {
      longest = max(longest, texts.bounds[number + 1] &- texts.bounds[number])
    }
    guard let room = Self.rooms.first(where: { $0 >= longest }), texts.count <= Self.byteCountMax / room
    else { return nil }
    self.room = room
    bytes = [UInt8](repeating: 0, count: texts.count * room)
    lengths = [UInt8](repeating: 0, count: texts.count)
    bytes.withUnsafeMutableBytes { bytes in
      for number in 0..<texts.count {
        let text = texts[number]
        lengths[number] = UInt8(text.count)
        UnsafeMutableRawBufferPointer(rebasing: bytes[(number * room)..<(number * room + text.count)])
          .copyMemory(from: text)
      }
    }
  }

  /// Writes the first rows of a target that all codes are for, as many as leave enough room behind them.
  /// - Precondition: each code has a text, and `target.data` has the bytes of all.
  /// - Returns: how many rows, and their bytes.
  func write(_ codes: UnsafeBufferPointer<Int32>, to target: TextTarget) -> (count: Int, byteCount: Int) {
    // From the end back until enough bytes are behind the beginning of a row's text.
    var (count, byteCount) = (codes.count, target.data.count)
    while count > 0, target.data.count - byteCount < room {
      count -= 1
      byteCount -= Int(lengths[Int(codes[count])])
    }
    guard target.data.count - byteCount >= room, let data = target.data.baseAddress else { return (0, 0) }
    let written = codes.withMemoryRebound(to: UInt32.self) { codes in
      sterna_write_coded_texts(
        bytes, lengths, room, codes.baseAddress, count, data.assumingMemoryBound(to: UInt8.self),
        target.base, target.ends.baseAddress)
    }
    return (count, Int(written))
  }
}
