import CArrow
import SternaBase
import Testing

@testable import Columnar

/// Layouts that Sterna does not write but reads, and arrays that lie.
@Suite struct ArrowImportTests {
  /// An array over hand-made buffers that live as long as this object.
  private final class Foreign {
    var array = ArrowArray()
    private var memory: [UnsafeMutableRawPointer] = []
    private let table: UnsafeMutablePointer<UnsafeRawPointer?>

    init(count: Int, offset: Int = 0, nullCount: Int = -1, _ buffers: [[UInt8]?]) {
      table = .allocate(capacity: max(buffers.count, 1))
      for (position, bytes) in buffers.enumerated() {
        guard let bytes else {
          table[position] = nil
          continue
        }
        let copy = UnsafeMutableRawPointer.allocate(byteCount: max(bytes.count, 1), alignment: 64)
        copy.copyMemory(from: bytes, byteCount: bytes.count)
        memory.append(copy)
        table[position] = UnsafeRawPointer(copy)
      }
      array.length = Int64(count)
      array.offset = Int64(offset)
      array.null_count = Int64(nullCount)
      array.n_buffers = Int64(buffers.count)
      array.buffers = table
    }

    deinit {
      for buffer in memory { buffer.deallocate() }
      table.deallocate()
    }

    func column(_ format: String) throws -> Column {
      let layout = try #require(ArrowLayout(format: format))
      // Nothing of this array is released through the owner.
      let owner = ArrowOwner(moving: ArrowArray())
      return try ArrowArrayReader(array, name: "x", owner: owner, offset: 0, count: Int(array.length))
        .column(layout)
    }
  }

  private func bytes<Element: FixedWidthValue>(_ values: [Element]) -> [UInt8] {
    values.withUnsafeBytes { Array($0) }
  }

  @Test func offsetsOf32BitsAreWidened() throws {
    let texts = Foreign(count: 3, [nil, bytes([Int32(0), 1, 1, 3]), Array("abc".utf8)])
    let column = try texts.column("u")
    #expect(column == .strings(["a", "", "bc"]))
    let slice = Foreign(count: 2, offset: 1, [[0b110], bytes([Int32(0), 1, 1, 3]), Array("abc".utf8)])
    let part = try slice.column("u")
    #expect(part == .strings(["", "bc"]))
  }

  @Test func viewsAreReadWhereverTheirBytesAre() throws {
    let long = "longer than twelve bytes"
    var views = bytes([Int32(2)]) + Array("ab".utf8) + [UInt8](repeating: 0, count: 10)
    views += bytes([Int32(long.utf8.count)]) + Array(long.utf8.prefix(4)) + bytes([Int32(0), 1])
    let foreign = Foreign(
      count: 2, [nil, views, Array(("_" + long).utf8), bytes([Int64(long.utf8.count + 1)])])
    let column = try foreign.column("vu")
    #expect(column == .strings(["ab", long]))
    let outside = Foreign(
      count: 2, [nil, views, Array(("_" + long).utf8), bytes([Int64(long.utf8.count)])])
    #expect(throws: SternaError.self) { try outside.column("vu") }
  }

  @Test func datesInMillisecondsMustBeWholeDays() throws {
    let days = Foreign(count: 2, [nil, bytes([Int64(86_400_000), -86_400_000])])
    let column = try days.column("tdm")
    #expect(column == .dates([1, -1]))
    let odd = Foreign(count: 1, [nil, bytes([Int64(1)])])
    #expect(throws: SternaError.self) { try odd.column("tdm") }
  }

  @Test func bytesOfFixedWidthAndColumnsOfNullsAreRead() throws {
    let fixed = Foreign(count: 2, [nil, [1, 2, 3, 4]])
    let column = try fixed.column("w:2")
    #expect(column == .binaries([[1, 2], [3, 4]]))
    let nulls = try Foreign(count: 3, []).column("n")
    #expect(nulls == .strings([nil, nil, nil]))
  }

  @Test func memoryThatIsNotAlignedIsCopied() throws {
    let foreign = Foreign(count: 2, [nil, [0] + bytes([Int64(5), 6])])
    foreign.array.buffers[1] = foreign.array.buffers[1].map { $0 + 1 }
    let column = try foreign.column("l")
    #expect(column == .int64s([5, 6]))
  }

  @Test func lyingArraysAreErrorsAndNeverTraps() throws {
    let eight = bytes([Int64(0)])
    #expect(throws: SternaError.self) { try Foreign(count: -1, [nil, eight]).column("l") }
    #expect(throws: SternaError.self) { try Foreign(count: 1, offset: -1, [nil, eight]).column("l") }
    #expect(throws: SternaError.self) { try Foreign(count: 1, offset: .max, [nil, eight]).column("l") }
    #expect(throws: SternaError.self) { try Foreign(count: .max, [nil, eight]).column("l") }
    #expect(throws: SternaError.self) { try Foreign(count: 1, [nil]).column("l") }
    #expect(throws: SternaError.self) { try Foreign(count: 1, [nil, nil]).column("l") }
    for offsets in [[Int64(3), 1], [-1, 2], [2, 1]] {
      let texts = Foreign(count: 1, [nil, bytes(offsets), Array("abc".utf8)])
      #expect(throws: SternaError.self) { try texts.column("U") }
    }
  }

  @Test func typesThatAreNotStoredHaveNoLayout() {
    for format in [
      "", "e", "+l", "d:10,2", "ttn", "tin", "tsx:", "tDq", "w:", "w:-1", "w:99999999999", "ts", "+us:",
    ] {
      #expect(ArrowLayout(format: format) == nil, "\(format)")
    }
  }
}
