import SternaBase
import Testing

@testable import TextFormats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite struct InputFileTests {
  /// Runs `body` with the path of a file of these bytes, which is gone afterwards.
  private func withFile(_ bytes: [UInt8], _ body: (String) throws -> Void) throws {
    var template = Array("/tmp/sterna-input-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    try #require(descriptor >= 0)
    let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer { unlink(path) }
    try #require(write(descriptor, bytes, bytes.count) == bytes.count)
    close(descriptor)
    try body(path)
  }

  private func readAll(_ source: any ByteSource) throws -> [UInt8] {
    var source = source
    var bytes: [UInt8] = []
    while let chunk = try source.next() { bytes += chunk.array }
    return bytes
  }

  @Test(arguments: [0, 1, 2, 9, 10, 11, 100])
  func allBytesComeOnceWhateverTheSize(count: Int) throws {
    let bytes = (0..<count).map { UInt8($0) }
    try withFile(bytes) { (path) throws in
      #expect(try readAll(InputFile(path: path, chunkByteCount: 10)) == bytes)
      #expect(try readAll(InputFile.openDetectingGzip(path: path, chunkByteCount: 10)) == bytes)
    }
  }

  @Test func gzipIsKnownByItsFirstBytesAndNotByItsName() throws {
    let text = Array("a,b\n1,2\n".utf8)
    try withFile(StoredGzip.member(text)) { (path) throws in
      #expect(try readAll(InputFile.openDetectingGzip(path: path)) == text)
    }
  }

  @Test func progressCountsBytesOnDisk() throws {
    let member = StoredGzip.member(Array(repeating: 65, count: 1_000))
    try withFile(member) { (path) throws in
      var source = try InputFile.openDetectingGzip(path: path, chunkByteCount: 100)
      #expect(source.progress == ReadProgress(consumedByteCount: 0, totalByteCount: member.count))
      var last = 0
      while try source.next() != nil {
        #expect(source.progress.consumedByteCount >= last)
        last = source.progress.consumedByteCount
      }
      #expect(last == member.count)
    }
  }

  @Test func aFileThatCannotBeReadIsNamedWithTheReason() throws {
    let missing = #expect(throws: SternaError.self) { try InputFile(path: "/nowhere/ticks.csv") }
    #expect(missing?.code == .fileSystem)
    #expect(missing?.message == "cannot open '/nowhere/ticks.csv': No such file or directory")
    let directory = #expect(throws: SternaError.self) { try InputFile(path: "/tmp") }
    #expect(directory?.message == "cannot read '/tmp': it is a directory")
  }

  @Test func aPipeHasNoTotal() throws {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    write(ends[1], "a", 1)
    let file = try InputFile(path: "/dev/fd/\(ends[0])")
    #expect(file.progress.totalByteCount == nil)
    close(ends[1])
    #expect(try readAll(file) == [UInt8(ascii: "a")])
    close(ends[0])
  }
}
