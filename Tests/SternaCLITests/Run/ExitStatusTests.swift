import Sterna
import Testing

@testable import SternaCLI

@Suite struct ExitStatusTests {
  @Test(
    "Errors end the program with the documented codes",
    arguments: [
      (SternaError.Code.invalidArgument, 2), (.unsupported, 2), (.wrongRegion, 2), (.schemaMismatch, 1),
      (.unsortedIndex, 1), (.libraryNotFound, 3), (.symbolNotFound, 3), (.versionNotFound, 3),
      (.versionPruned, 3), (.snapshotNotFound, 3), (.stagedPieceNotFound, 3), (.objectNotFound, 3),
      (.bucketNotFound, 3),
      (.alreadyExists, 4), (.conflict, 4), (.commitStateUnknown, 4), (.preconditionFailed, 4),
      (.conditionalRequestConflict, 4), (.credentials, 5), (.accessDenied, 5), (.clockSkew, 5),
      (.unavailable, 6), (.requestFailed, 6), (.corrupt, 7), (.unsupportedStore, 8),
      (.unsupportedFormat, 8), (.cancelled, 130), (.fileSystem, 1), (.resourceLimit, 1),
    ] as [(SternaError.Code, Int32)])
  func statusOfCode(_ code: SternaError.Code, _ status: Int32) {
    #expect(ExitStatus(code).rawValue == status)
  }

  @Test("A code that this program does not know is a problem, never a success")
  func unknownCode() {
    #expect(ExitStatus(SternaError.Code("comesLater")) == .problemsFound)
  }
}
