import CArrow
import SternaBase
import Testing

@testable import Columnar

/// Frames out through Arrow's C stream interface and in again.
@Suite struct ArrowRoundTripTests {
  private func roundTrip(_ frame: DataFrame, index: ArrowIndex = .none) throws -> DataFrame? {
    var stream = ArrowArrayStream(exporting: frame)
    let reader = try ArrowStreamReader(taking: &stream, index: index)
    let result = try reader.next()
    #expect(try reader.next() == nil)
    return result
  }

  private static let columns: [Column] = [
    .int8s([1, nil, -128]), .uint8s([0, 255, nil]), .int16s([1, nil, 3]), .uint16s([1, 2, 3]),
    .int32s([nil, nil, nil]), .uint32s([1, 2, nil]), .int64s([.min, .max, 0]), .uint64s([.max, nil, 0]),
    .float32s([1.5, nil, .nan]), .float64s([-0.0, .nan, .infinity]), .bools([true, nil, false]),
    .timestamps([1, nil, 3], unit: .nanosecond, zone: "Europe/London"),
    .timestamps([1, 2, 3], unit: .second),
    .durations([1, nil, 3], unit: .microsecond), .dates([0, nil, -1]), .strings(["a", nil, "ü€😀"]),
    .binaries([[0, 255], nil, []]), .dictionary(["a", nil, "a"]),
  ]

  @Test(arguments: columns) func everyTypeComesBackEqual(_ column: Column) throws {
    let frame = try DataFrame([("x", column)])
    #expect(try roundTrip(frame) == frame)
  }

  @Test(arguments: columns) func everySliceComesBackEqual(_ column: Column) throws {
    let long = Column.concatenating(Array(repeating: column, count: 7))
    for start in [0, 1, 5, 8, 9, 20, 21] {
      for end in start...21 {
        let slice = try DataFrame([("x", long.slice(start..<end))])
        #expect(try roundTrip(slice) == slice)
      }
    }
  }

  @Test func numbersAreNotCopied() throws {
    let column = Column.int64s((0..<1000).map { Int64($0) })
    let frame = try DataFrame([("x", column)])
    let returned = try roundTrip(frame)
    let result = try #require(returned)
    let before = column.withValues(as: Int64.self) { $0.baseAddress }
    #expect(result.columns[0].withValues(as: Int64.self) { $0.baseAddress } == before)
  }

  @Test func theIndexIsChosenByNameOrPlaceAndChecked() throws {
    let frame = try DataFrame([("t", .int64s([1, 2, 3])), ("x", .float64s([1, 2, 3]))])
    #expect(try roundTrip(frame, index: .first)?.schema.indexColumn == 0)
    #expect(try roundTrip(frame, index: .named("t"))?.schema.indexColumn == 0)
    for index in [ArrowIndex.named("x"), .named("nothing")] {
      #expect(throws: SternaError.self) { try roundTrip(frame, index: index) }
    }
    let falling = try DataFrame([("t", .int64s([3, 2, 1]))])
    #expect { try roundTrip(falling, index: .first) } throws: {
      ($0 as? SternaError)?.code == .unsortedIndex
    }
  }

  @Test func aFrameOfNoColumnsAndOneOfNoRowsPass() throws {
    let empty = try DataFrame([])
    #expect(try roundTrip(empty) == empty)
    let noRows = try DataFrame([("x", .int64s([Int64]())), ("s", .strings([])), ("d", .dictionary([]))])
    #expect(try roundTrip(noRows) == noRows)
  }

  @Test func aChildOutlivesItsBatchAndEachIsReleasedOnce() throws {
    weak var storage: ByteStorage?
    var child = ArrowArray()
    do {
      let owned = ByteStorage(count: 8)
      owned.mutableBytes.storeBytes(of: Int64(7), as: Int64.self)
      storage = owned
      let column = Column(type: .int64, count: 1, storage: .fixedWidth(Bytes(owned)))
      var batch = ArrowArray(exporting: try DataFrame([("x", column)]))
      let moved = try #require(batch.children[0])
      child = moved.pointee
      moved.pointee.release = nil
      batch.release(&batch)
      #expect(batch.release == nil)
    }
    #expect(storage != nil)
    #expect(child.buffers[1]?.load(as: Int64.self) == 7)
    child.release(&child)
    #expect(storage == nil)
  }
}
