import SternaBase

extension Column {
  /// The bytes of all texts or byte strings of a column of variable width; 0 for any other.
  package var textByteCount: Int {
    guard case .variable(let offsets, _) = storage, count > 0 else { return 0 }
    return offsets.withUnsafeBytes { raw in
      let first = raw.loadUnaligned(as: Int64.self)
      let last = raw.loadUnaligned(fromByteOffset: count * MemoryLayout<Int64>.size, as: Int64.self)
      return Int(last - first)
    }
  }
}
