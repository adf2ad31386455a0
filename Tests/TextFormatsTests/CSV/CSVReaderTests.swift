import Columnar
import SternaBase
import TestSupport
import Testing

@testable import TextFormats

@Suite struct CSVReaderTests {
  private static let ticks = #"""
    time,price,size,exchange,condition,suspicious
    2013-10-07T04:00:00.464000,167.41,100,P,20002000,0
    2013-10-07T04:00:00.465000,167.4,1400,,,0
    2013-10-07T04:00:00.465000,167.41,100,"P,""Q""",20002000,1

    """#

  @Test func realLinesBecomeTypedColumns() throws {
    let frame = try read(Self.ticks) { $0.timeColumn = "time" }
    let expected = try DataFrame(
      [
        (
          "time",
          .timestamps(
            [1_381_118_400_464_000_000, 1_381_118_400_465_000_000, 1_381_118_400_465_000_000] as [Int64],
            unit: .nanosecond)
        ),
        ("price", .float64s([167.41, 167.4, 167.41] as [Double])),
        ("size", .int64s([100, 1400, 100] as [Int64])),
        ("exchange", .strings(["P", nil, "P,\"Q\""])),
        ("condition", .int64s([20_002_000, nil, 20_002_000])),
        ("suspicious", .int64s([0, 0, 1] as [Int64])),
      ], index: "time")
    #expect(frame == expected)
  }

  @Test func everySizeOfPiecesGivesTheSameFrame() throws {
    let bytes = [0xEF, 0xBB, 0xBF] + Array(Self.ticks.replacing("\n", with: "\r\n").utf8)
    let expected = try read(Self.ticks)
    for size in 1...bytes.count {
      #expect(try read(bytes, chunkByteCount: size) == expected, "pieces of \(size)")
    }
  }

  @Test func aCompressedFileIsReadOnTheWayAndNeverHalf() throws {
    let member = StoredGzip.member(Array(Self.ticks.utf8), blockByteCount: 50)
    func rows(of bytes: [UInt8], chunkByteCount: Int) throws -> DataFrame? {
      let source = MemorySource(Bytes(bytes), chunkByteCount: chunkByteCount)
      var reader = try CSVReader(GzipReader(source, name: "ticks.csv.gz", chunkByteCount: 11))
      return try reader.next()
    }
    for size in [1, 7, 1_000] {
      #expect(try rows(of: member, chunkByteCount: size) == read(Self.ticks))
      for length in 0..<member.count {
        #expect(throws: SternaError.self) {
          try rows(of: Array(member.prefix(length)), chunkByteCount: size)
        }
      }
    }
  }

  @Test func windowsAndBatchesOfAnySizeLoseNoRow() throws {
    let lines = (0..<500).map { "\($0),\"text\n\($0 % 7)\",\(Double($0) / 8)" }
    let text = "n,t,x\n" + lines.joined(separator: "\n")
    let expected = try read(text)
    #expect(expected.rowCount == 500)
    for limit in [1, 7, 499, 500, 501] {
      let frame = try read(text, chunkByteCount: 13) {
        $0.batchRowLimit = limit
        $0.sampleByteLimit = 40
      }
      #expect(frame == expected)
    }
    #expect(try read(text) { $0.batchByteLimit = 1 } == expected)
  }

  @Test func aFileOfNothingButNamesHasASchemaAndNoRows() throws {
    for text in ["time,x\n", "time,x", "time,x\r\n\r\n"] {
      let frame = try read(text) { $0.timeColumn = "time" }
      #expect(frame.rowCount == 0)
      #expect(frame.schema.fields.map(\.type) == [.timestamp(.nanosecond, zone: nil), .utf8])
    }
    for text in ["", "\n\n", "\u{FEFF}"] { #expect(failure(reading: text)?.message == "the file is empty") }
  }

  @Test func nullsAreEmptyFieldsAndTokensUnlessQuoted() throws {
    let text = "t,n\nNA,NA\n\"NA\",1\n\"\",\"\"\n,\n"
    let frame = try read(text) { $0.nullTokens = ["NA"] }
    #expect(frame["t"] == .strings([nil, "NA", "", nil]))
    #expect(frame["n"] == .strings([nil, "1", nil, nil]) || frame["n"] == .int64s([nil, 1, nil, nil]))
    #expect(frame["n"]?.type == .int64)
  }

  @Test func columnsMayHaveNoNamesOrNoHeader() throws {
    #expect(try read(",x\n0,1\n").schema.fields.map(\.name) == ["column_1", "x"])
    let frame = try read("5,a\n6,b\n") { $0.hasHeader = false }
    #expect(frame.schema.fields.map(\.name) == ["column_1", "column_2"])
    #expect(frame["column_1"] == .int64s([5, 6] as [Int64]))
    #expect(failure(reading: "x,x\n1,2\n")?.message == "two columns are named 'x'")
  }

  @Test func anotherDelimiterSeparates() throws {
    let frame = try read("a;b\n1,5;2\n") { $0.dialect = CSVDialect(delimiter: UInt8(ascii: ";")) }
    #expect(frame["a"] == .strings(["1,5"]))
    #expect(!CSVDialect.isPossible(delimiter: 0) && !CSVDialect.isPossible(delimiter: UInt8(ascii: "\"")))
  }

  @Test func aRowLongerThanTheLimitIsRefused() {
    let error = failure(reading: "a\n\"" + String(repeating: "x", count: 1_000)) { $0.rowByteLimit = 100 }
    #expect(error?.code == .resourceLimit)
    #expect(error?.message == "the row on line 2 is longer than 100 bytes")
  }

  @Test func otherEncodingsAreRefusedByName() throws {
    let utf16 = #expect(throws: SternaError.self) { try read([0xFF, 0xFE, 0x61, 0]) }
    #expect(utf16?.message == "the file is UTF-16")
    let latin1 = #expect(throws: SternaError.self) {
      try read(Array("a,b\nx,1\n".utf8) + [0xE9, 0x2C, 0x31, 0x0A])
    }
    #expect(latin1?.code == .schemaMismatch)
    #expect(latin1?.message.hasPrefix("line 3:") == true)
    // Each half alone is not UTF-8, although both together would be.
    #expect(throws: SternaError.self) { try read(Array("a,b\n".utf8) + [0xC3, 0x2C, 0xA9, 0x0A]) }
  }

  @Test func aFailedReaderGivesNoMoreRows() throws {
    var options = CSVOptions()
    options.sampleRowLimit = 1
    options.batchRowLimit = 1
    var reader = try CSVReader(MemorySource(Bytes(utf8: "x\n1\n2\ny\n4\n")), options: options)
    #expect(try reader.next()?["x"] == .int64s([1] as [Int64]))
    #expect(try reader.next()?["x"] == .int64s([2] as [Int64]))
    #expect(throws: SternaError.self) { try reader.next() }
    #expect(try reader.next() == nil)
  }

  @Test func progressReachesTheTotal() throws {
    let bytes = Bytes(utf8: Self.ticks)
    var reader = try CSVReader(MemorySource(bytes, chunkByteCount: 10))
    while try reader.next() != nil {}
    #expect(reader.progress == ReadProgress(consumedByteCount: bytes.count, totalByteCount: bytes.count))
  }

  @Test func damagedTextNeverTraps() {
    var random = SeededGenerator.fresh()
    let originals = [Self.ticks, "a\n\"x\ny\"\n", "a,b\r\n1,\"\"\"\"\r\n"].map { Array($0.utf8) }
    var readCount = 0
    for _ in 0..<2_000 {
      let damaged = random.mutate(originals.randomElement(using: &random) ?? [])
      let size = Int.random(in: 1...40, using: &random)
      let frame = try? read(damaged, chunkByteCount: size) {
        $0.batchRowLimit = 2
        $0.sampleByteLimit = 30
      }
      if frame != nil { readCount += 1 }
    }
    // Some damage only changes values: the loop has really read what it made.
    #expect(readCount > 20, "\(random)")
  }
}
