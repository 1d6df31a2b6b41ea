"""Prints pairs of messages of each product definition template as ecCodes writes them, a JSON object a line. Needs eccodes.

The messages of a pair differ in one key; each comes with what ecCodes reads of it (None for what its template has not).
"""

import base64
import json
import os
import sys

import eccodes

# ecCodes speaks of what it does not like on the standard error of the process.
sys.stderr = os.fdopen(os.dup(2), "w")
os.dup2(os.open(os.devnull, os.O_WRONLY), 2)

BANDS = {"satelliteSeries": (331, 332), "satelliteNumber": (55, 57), "instrumentType": (205, 207)}
BANDS |= {"scaledValueOfCentralWaveNumber": (89234, 161290)}
TILES = {"tileIndex": (1, 3), "attributeOfTile": (1, 3), "tileClassification": (0, 2)}
GENERAL_TILES = {"tileIndex": (1, 3), "typeOfTile": (1, 5), "tileClassification": (0, 2)}
MODES = {"modeNumber": (1, 2), "typeOfDistributionFunction": (1, 3), "constituentType": (0, 62001)}
REFERENCE = {"typeOfReferenceDataset": (0, 1), "yearOfStartOfReferencePeriod": (1981, 1991)}
REFERENCE |= {"typeOfRelationToReferenceDataset": (0, 1)}
RELEASE = {"scenarioOrigin": (0, 3), "releaseStartYear": (2011, 2012), "constituentType": (0, 18001)}
LIMITS = {"scaledValueOfUpperLimit": (10, 25), "probabilityType": (1, 4)}
MEMBER = {"perturbationNumber": (1, 3)}
LARGE = {"perturbationNumber": (3, 70000)}
DERIVED = {"derivedForecast": (0, 4)}
QUANTILE = {"quantileValue": (1, 7)}
SCORE = {"verificationScore": (1, 4), "numberOfForecastsInVerification": (3, 9)}
VICINITY = {"spatialVicinityType": (1, 2), "temporalVicinityTowardsPast": (1, 3)}
CATEGORIES = {"codeFigure": (1, 2), "scaledValueOfLowerLimit": (0, 5)}
PARTS = {"partitionNumber": (1, 4)}
PERIODS = {"scaledValueOfLowerWavePeriodLimit": (10, 12)}
WAVES = {"waveDirectionNumber": (1, 2), "waveFrequencyNumber": (1, 2)}
AEROSOL = {"aerosolType": (62000, 62001), "scaledValueOfFirstWavelength": (5, 7)}

TEMPLATES = {
    0: {}, 1: MEMBER, 8: {}, 30: BANDS, 31: BANDS, 32: BANDS, 33: BANDS | MEMBER, 34: BANDS | MEMBER,
    35: BANDS | {"qualityValueAssociatedWithParameter": (0, 1)}, 51: CATEGORIES, 53: PARTS, 54: PARTS | MEMBER,
    55: TILES, 56: TILES | MEMBER, 57: MODES, 58: MODES | MEMBER, 59: TILES | MEMBER, 62: TILES,
    63: TILES | MEMBER, 67: MODES, 68: MODES | MEMBER, 91: CATEGORIES, 101: WAVES, 102: WAVES | MEMBER,
    105: REFERENCE, 106: REFERENCE | MEMBER, 107: REFERENCE | DERIVED, 112: REFERENCE | LIMITS,
    113: GENERAL_TILES, 114: GENERAL_TILES, 115: GENERAL_TILES | LARGE, 116: GENERAL_TILES | LARGE,
    117: LARGE, 118: LARGE, 119: LIMITS, 120: LIMITS, 121: LIMITS | VICINITY, 122: LIMITS | VICINITY,
    123: LIMITS | VICINITY | REFERENCE, 124: RELEASE, 125: RELEASE | MEMBER, 126: RELEASE,
    127: RELEASE | MEMBER, 128: REFERENCE, 129: REFERENCE | MEMBER, 130: REFERENCE | DERIVED,
    131: REFERENCE | LIMITS, 132: REFERENCE | QUANTILE, 133: REFERENCE | QUANTILE, 134: REFERENCE | QUANTILE,
    135: REFERENCE | QUANTILE, 136: REFERENCE | LIMITS | VICINITY, 137: DERIVED, 138: DERIVED, 139: PERIODS,
    140: PERIODS | LARGE, 141: WAVES, 142: WAVES | LARGE, 143: {"randomFieldNumber": (1, 2)} | LARGE,
    144: PERIODS, 145: PERIODS | LARGE, 146: SCORE, 147: SCORE, 148: SCORE | LARGE, 149: SCORE | LARGE,
    150: SCORE | DERIVED, 151: SCORE | DERIVED, 152: LARGE, 153: LARGE, 154: LARGE, 155: LARGE,
    156: AEROSOL, 157: AEROSOL | LARGE, 158: AEROSOL, 159: AEROSOL | LARGE, 160: PERIODS | DERIVED,
    161: PERIODS | DERIVED, 166: {"constituentType": (0, 62001)} | DERIVED, 167: DERIVED, 1000: {}, 1001: {}, 1100: {},
}  # fmt: skip

# Lists of one element, and what makes other keys count.
FIRST = {
    "numberOfContributingSpectralBands": 1,
    "scaleFactorOfCentralWaveNumber": 0,
    "numberOfCategories": 1,
    "partitionTable": 242,
    "numberOfPartitions": 2,
    "probabilityType": 1,
    "scaleFactorOfUpperLimit": 0,
    "scaledValueOfUpperLimit": 10,
    "numberOfForecastsInEnsemble": 100,
    "scaleFactorOfLowerWavePeriodLimit": 0,
    "scaleFactorOfFirstWavelength": 7,
    "typeOfWavelengthInterval": 11,
    "totalNumberOfQuantiles": 10,
    "numberOfDistributionFunctionParameters": 2,
    "forecastTime": 6,
}
# What is longer than a sample has it: two elements of lists that are skipped.
LONGER = ["numberOfSpatialVicinityValues", "numberOfReferencePeriodTimeRanges", "numberOfVerificationPeriodTimeRanges"]
LONGER += ["numberOfAdditionalArgumentsForVerification", "numberOfAdditionalParametersForReferencePeriod"]

READ = ["perturbationNumber", "validityDate", "validityTime", "typeOfLevel", "level", "tileIndex", "partitionNumber"]
READ += ["scaledValueOfCentralWaveNumber", "quantileValue", "scaledValueOfUpperLimit", "randomFieldNumber"]
READ += ["dataDate", "dataTime", "forecastTime"]


def message(template, longer, key, value):
    handle = eccodes.codes_grib_new_from_samples("regular_ll_pl_grib2")
    eccodes.codes_set(handle, "productDefinitionTemplateNumber", template)
    settings = FIRST | {name: 2 for name in LONGER if longer}
    for name, number in settings.items():
        if eccodes.codes_is_defined(handle, name):
            eccodes.codes_set(handle, name, number)
    # A template without surfaces has no level, and one of intervals has an end.
    for name, number in {"level": 500, "endStep": 12}.items():
        if eccodes.codes_is_defined(handle, name):
            try:
                eccodes.codes_set(handle, name, number)
            except eccodes.CodesInternalError:
                pass
    if key:
        eccodes.codes_set(handle, key, value)
    return {
        "message": base64.b64encode(eccodes.codes_get_message(handle)).decode(),
        **{name: read(handle, name) for name in READ},
    }


def read(handle, name):
    if not eccodes.codes_is_defined(handle, name) or eccodes.codes_is_missing(handle, name):
        return None
    return eccodes.codes_get(handle, name)


for template, keys in TEMPLATES.items():
    for key, values in {"forecastTime": (6, 9), **keys}.items():
        for longer in (False, True):
            try:
                pair = [message(template, longer, key, value) for value in values]
            except eccodes.CodesInternalError as error:
                print(json.dumps({"template": template, "key": key, "error": str(error)}))
                continue
            print(json.dumps({"template": template, "key": key, "pair": pair}))
