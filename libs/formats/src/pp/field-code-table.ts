/**
 * Phenomena by field code (LBFC), for fields without a STASH code: a line each with code, units, CF standard name or else a
 * long name. The facts are those of Iris' `um_cf_map` (SciTools, BSD-3-Clause).
 */
export const fieldCodeTable = `\
5|m|atmosphere_boundary_layer_thickness
16|K|air_temperature
22|K|wet_bulb_potential_temperature
23|K|soil_temperature
27|kg m-3|air_density
36|1|land_area_fraction
37|1|sea_ice_area_fraction
42|m s-1|upward_air_velocity
50|m s-1|wind_speed
56|m s-1|x_wind
57|m s-1|y_wind
73|s-1|atmosphere_relative_vorticity
74|s-1|divergence_of_wind
83|Pa-1 s-1|potential_vorticity_of_atmosphere_layer
94|kg m-2|convective_rainfall_amount
97|kg m-2 s-1|rainfall_flux
98|kg m-2 s-1|convective_rainfall_flux
99|kg m-2 s-1|stratiform_rainfall_flux
102|kg m-2|stratiform_rainfall_amount
106|kg m-2|soil_moisture_content
108|kg m-2 s-1|snowfall_flux
111|kg m-2|surface_runoff_amount
116|kg m-2|stratiform_snowfall_amount
117|kg m-2|convective_snowfall_amount
118|kg m-2 s-1|stratiform_snowfall_flux
119|kg m-2 s-1|convective_snowfall_flux
122|kg m-2|moisture_content_of_soil_layer
183|m s-1|wind_speed
200|W m-2|toa_incoming_shortwave_flux
203|W m-2|surface_downwelling_shortwave_flux_in_air
206|W m-2|toa_outgoing_longwave_flux
208|W m-2|surface_downwelling_shortwave_flux_in_air_assuming_clear_sky
209|K|sea_ice_temperature
253|K s-1|tendency_of_air_temperature_due_to_longwave_heating
261|W m-2|downward_heat_flux_in_sea_ice
321|m|root_depth
326|1|vegetation_area_fraction
328|1|surface_albedo_assuming_deep_snow
329|1|volume_fraction_of_condensed_water_in_soil_at_wilting_point
330|1|volume_fraction_of_condensed_water_in_soil_at_critical_point
332|1|soil_porosity
333|m s-1|soil_hydraulic_conductivity_at_saturation
335|J kg-1 K-1|soil_thermal_capacity
336|W m-1 K-1|soil_thermal_conductivity
342|Pa|soil_suction_at_saturation
687|m|sea_ice_thickness
701|m s-1|surface_eastward_sea_water_velocity
702|m s-1|surface_northward_sea_water_velocity
1025|Pa|surface_downward_eastward_stress
1026|Pa|surface_downward_northward_stress
1373|1|mass_fraction_of_dimethyl_sulfide_in_air
1374|1|mass_fraction_of_sulfur_dioxide_in_air
1382|1|leaf_area_index
1383|m|canopy_height
1385|1|mass_fraction_of_unfrozen_water_in_soil_moisture
1386|1|mass_fraction_of_frozen_water_in_soil_moisture
1392|1|leaf_area_index
1393|m|canopy_height
1395|1|soil_albedo
1507|1e-6 m|snow_grain_size
1559|kg m-2|soil_moisture_content_at_field_capacity
1720|1|cloud_area_fraction_in_atmosphere_layer
`;
