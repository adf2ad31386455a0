import SternaBase
import Testing

@testable import TextFormats

@Suite struct GzipReaderTests {
  /// `gzip -9n` of 3 times "time,price\n2013-10-07T04:00:00,167.41\n".
  private static let compressed: [UInt8] = [
    0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x2B, 0xC9, 0xCC, 0x4D, 0xD5, 0x29,
    0x28, 0xCA, 0x4C, 0x4E, 0xE5, 0x32, 0x32, 0x30, 0x34, 0xD6, 0x35, 0x34, 0xD0, 0x35, 0x30, 0x0F,
    0x31, 0x30, 0xB1, 0x32, 0x30, 0x00, 0x22, 0x1D, 0x43, 0x33, 0x73, 0x3D, 0x13, 0x43, 0xAE, 0x12,
    0x2A, 0xAA, 0x02, 0x00, 0xE7, 0xE3, 0x2D, 0x6E, 0x72, 0x00, 0x00, 0x00,
  ]
  private static let text = Array(
    String(repeating: "time,price\n2013-10-07T04:00:00,167.41\n", count: 3).utf8)

  private func inflate(_ bytes: [UInt8], inputChunk: Int = 1 << 20, outputChunk: Int = 1 << 20) throws
    -> [UInt8]
  {
    let source = MemorySource(Bytes(bytes), chunkByteCount: inputChunk)
    let reader = GzipReader(source, name: "ticks.csv.gz", chunkByteCount: outputChunk)
    var output: [UInt8] = []
    while let chunk = try reader.next() {
      #expect(!chunk.isEmpty && chunk.count <= outputChunk)
      output += chunk.array
    }
    #expect(try reader.next() == nil)
    #expect(reader.progress.consumedByteCount == bytes.count)
    return output
  }

  @Test(arguments: [1, 2, 3, 7, 1 << 20], [1, 5, 1 << 20])
  func whatWasCompressedComesBackInPiecesOfAnySize(inputChunk: Int, outputChunk: Int) throws {
    #expect(try inflate(Self.compressed, inputChunk: inputChunk, outputChunk: outputChunk) == Self.text)
  }

  @Test(arguments: [1, 10, 1 << 20])
  func membersFollowEachOtherAndMayBePaddedOrEmpty(inputChunk: Int) throws {
    let members = Self.compressed + StoredGzip.member([]) + StoredGzip.member([1, 2, 3]) + [0, 0, 0]
    #expect(try inflate(members, inputChunk: inputChunk) == Self.text + [1, 2, 3])
    #expect(try inflate(StoredGzip.member([])) == [])
  }

  @Test func everyCutIsAnErrorThatNamesTheByte() throws {
    let member = StoredGzip.member(Array("a,b\n1,2\n".utf8))
    for original in [Self.compressed, member + member] {
      for length in 0..<original.count where length != member.count || original == Self.compressed {
        let error = #expect(throws: SternaError.self) {
          try inflate(Array(original.prefix(length)), inputChunk: 7)
        }
        #expect(error?.code == .corrupt)
        #expect(error?.message.contains("ends at byte \(length)") == true, "\(String(describing: error))")
        #expect(error?.message.contains("cut short") == true)
      }
    }
  }

  @Test func damageGivesAnErrorOrTheSameText() throws {
    // A few bits carry nothing: the header's time, the padding of the last byte of the data.
    var noticedCount = 0
    for bit in 0..<(Self.compressed.count * 8) {
      var damaged = Self.compressed
      damaged[bit / 8] ^= 1 << UInt8(bit % 8)
      do {
        #expect(try inflate(damaged) == Self.text, "bit \(bit)")
      } catch let error as SternaError {
        #expect(error.code == .corrupt, "bit \(bit)")
        noticedCount += 1
      }
    }
    #expect(noticedCount > (Self.compressed.count - 10) * 8 - 8)
  }

  @Test func aWrongChecksumIsNamed() throws {
    var damaged = Self.compressed
    damaged[damaged.count - 8] ^= 1
    let error = #expect(throws: SternaError.self) { try inflate(damaged) }
    #expect(error?.message.contains("incorrect data check") == true)
  }

  @Test func otherBytesBehindAMemberAreRefused() throws {
    for rest in [[1], [0, 1], Array("a,b\n".utf8)] as [[UInt8]] {
      #expect(throws: SternaError.self) { try inflate(Self.compressed + rest) }
    }
  }
}
