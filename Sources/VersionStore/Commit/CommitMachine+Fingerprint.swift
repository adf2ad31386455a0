import SternaBase

extension CommitMachine {
  /// What decides the actions to come: machines with equal fingerprints answer equal events alike.
  ///
  /// Left out is what cannot matter to a search through the states of a protocol: the length of pauses, the
  /// limit on rebases (it is in the thousands) and the wording of errors.
  package struct Fingerprint: Hashable, Sendable {
    let commitID: UniqueID
    let attempt: Attempt?
    let settlingOn: RefSnapshot?
    let base: RefSnapshot
    let baseIsRemembered: Bool
    let hasRebased: Bool
    let lastErrorCode: SternaError.Code?
  }

  package var fingerprint: Fingerprint {
    Fingerprint(
      commitID: commitID, attempt: attempt, settlingOn: settlingOn, base: base,
      baseIsRemembered: baseIsRemembered, hasRebased: rebaseCount > 0, lastErrorCode: lastError?.code)
  }
}
