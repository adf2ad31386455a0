import CArrow
import SternaBase

extension ArrowArray {
  /// A frame as one batch. Buffers are shared, not copied; bitmaps that start within a byte are moved to
  /// its first bit.
  package init(exporting frame: DataFrame) {
    let owner = ArrowExport()
    let children = owner.allocate(frame.columns.count, of: UnsafeMutablePointer<ArrowArray>?.self)
    for (position, column) in frame.columns.enumerated() {
      let child = owner.allocate(1, of: ArrowArray.self)
      child.initialize(to: ArrowArray(exporting: column))
      children[position] = child
    }
    self.init(owner, count: frame.rowCount, nullCount: 0, buffers: [nil])
    n_children = Int64(frame.columns.count)
    self.children = children
  }

  init(exporting column: Column) {
    let column = column.writtenOut
    let validity = column.validity?.wholeBytes
    var dictionaryColumn: Column?
    let buffers: [Bytes?]
    switch column.storage {
    case .fixedWidth(let values): buffers = [validity, values]
    case .bits(let bits): buffers = [validity, bits.wholeBytes]
    case .variable(let offsets, let data): buffers = [validity, offsets, data]
    case .dictionary(let codes, let values):
      buffers = [validity, codes]
      dictionaryColumn = values
    }
    let owner = ArrowExport(keeping: buffers.compactMap { $0 })
    var values: UnsafeMutablePointer<ArrowArray>?
    if let dictionaryColumn {
      values = owner.allocate(1, of: ArrowArray.self)
      values?.initialize(to: ArrowArray(exporting: dictionaryColumn))
    }
    self.init(owner, count: column.count, nullCount: column.nullCount, buffers: buffers)
    dictionary = values
  }

  private init(_ owner: ArrowExport, count: Int, nullCount: Int, buffers: [Bytes?]) {
    self.init()
    let addresses = owner.allocate(buffers.count, of: UnsafeRawPointer?.self)
    // The owner keeps the bytes, so their addresses outlive the closures that lend them.
    for (position, bytes) in buffers.enumerated() {
      addresses[position] = bytes?.withUnsafeBytes { $0.baseAddress }
    }
    length = Int64(count)
    null_count = Int64(nullCount)
    n_buffers = Int64(buffers.count)
    self.buffers = addresses
    release = releaseArrowArray
    private_data = owner.retained
  }
}

extension Bitmap {
  /// The bits from the first bit of a byte on: the bytes themselves where they start there, else moved.
  fileprivate var wholeBytes: Bytes {
    guard bitOffset % 8 == 0 else { return aligned }
    let start = bitOffset / 8
    return bytes[start..<(start + (count + 7) / 8)]
  }
}
