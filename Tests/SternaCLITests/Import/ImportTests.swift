import Sterna
import TestSupport
import Testing
import TextFormats

@testable import SternaCLI

@Suite struct ImportTests {
  @Test("Frames of a file become one version, and the counts are those of the file")
  func importing() async throws {
    let folder = try TemporaryFolder()
    let text = "t,a\n" + (0..<1_000).map { "\($0),\($0 % 7)\n" }.joined()
    let path = "\(folder.path)/rows.csv"
    try folder.write("rows.csv", text)
    var options = CSVOptions()
    options.timeColumn = "t"
    options.timeUnit = .exactly(.second)
    options.batchRowLimit = 64
    let counter = ImportProgress()
    let reader = try await FrameReadAhead.open(path: path, options: options, counter: counter)
    let store = try await Store.open("memory://import-test")
    let library = try await store.library("l", create: true)
    let version = try await library.write("y", reader.frames)
    #expect(version.rowCount == 1_000)
    #expect(counter.counts.rowCount == 1_000)
    #expect(counter.counts.textByteCount == text.utf8.count)
    #expect(counter.counts.read.totalByteCount == text.utf8.count)

    let summary = ImportSummary(version: version, library: "l", counts: counter.counts, byteCountBefore: 0)
    #expect(summary.line.hasPrefix("imported 1,000 rows into l/y as version 0: "))
    #expect(summary.line.hasSuffix(" of \(Quantity.bytes(text.utf8.count)) of CSV"))
  }

  @Test("A file that turns bad in the middle leaves no version")
  func badRow() async throws {
    let folder = try TemporaryFolder()
    try folder.write("rows.csv", "t,a\n2020-01-01,1\n2020-01-02,2\n2019-01-01,3\n")
    var options = CSVOptions()
    options.timeColumn = "t"
    options.batchRowLimit = 1
    let reader = try await FrameReadAhead.open(
      path: "\(folder.path)/rows.csv", options: options, counter: ImportProgress())
    let library = try await Store.open("memory://bad-row-test").library("l", create: true)
    let error = await #expect(throws: SternaError.self) { try await library.write("y", reader.frames) }
    #expect(error?.code == .unsortedIndex)
    #expect(try await library.symbolNames() == [])
  }

  @Test("The bar fills with the bytes that were read")
  func progressLine() {
    var counts = ImportProgress.Counts()
    counts.read = ReadProgress(consumedByteCount: 50, totalByteCount: 100)
    counts.rowCount = 1_234
    counts.textByteCount = 2_000_000
    #expect(
      ProgressBar.line(counts, title: "importing SPY", seconds: 2)
        == "importing SPY  ############------------  50 %  1,234 rows  1.00 MB/s")
  }

  @Test("A pipe has no end to fill a bar with")
  func progressOfPipe() {
    var counts = ImportProgress.Counts()
    counts.rowCount = 1
    #expect(ProgressBar.line(counts, title: "x", seconds: 0) == "x  1 row")
  }
}
