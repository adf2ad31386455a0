/// The metadata of an Arrow field: pairs of a key and a value, each behind its length.
///
///     pair count i32 | key length i32 | key | value length i32 | value | ...
enum ArrowMetadata {
  /// Larger ones are taken for damage: nothing says where metadata end.
  private static let byteCountMax = 1 << 24

  /// Whether a key has a value; a producer is trusted to have written what the interface asks for.
  static func holds(_ key: String, _ value: String, in metadata: UnsafePointer<CChar>?) -> Bool {
    guard let metadata else { return false }
    var place = UnsafeRawPointer(metadata)
    func number() -> Int {
      defer { place += 4 }
      return max(0, Int(place.loadUnaligned(as: Int32.self)))
    }
    func text() -> UnsafeRawBufferPointer? {
      let count = number()
      guard count <= byteCountMax else { return nil }
      defer { place += count }
      return UnsafeRawBufferPointer(start: place, count: count)
    }
    for _ in 0..<number() {
      guard let foundKey = text(), let foundValue = text() else { return false }
      if foundKey.elementsEqual(key.utf8) { return foundValue.elementsEqual(value.utf8) }
    }
    return false
  }
}
